package io.github.http3spring.wire;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The ordered record of a connection. Written by the connection's event loop, read by any
 * thread.
 */
final class EventLog {

	static final long NONE = -1;

	private final long start = System.nanoTime();

	private final boolean streams;

	private final List<WireEvent> events = new ArrayList<>();

	EventLog(boolean streams) {
		this.streams = streams;
	}

	void connection(WireEvent.Type type, long value, @Nullable CloseFrame closeFrame, String detail) {
		add(new WireEvent(type, System.nanoTime() - this.start, NONE, value, closeFrame, detail));
	}

	void stream(WireEvent.Type type, long streamId, long value) {
		stream(type, streamId, value, "");
	}

	void stream(WireEvent.Type type, long streamId, long value, String detail) {
		if (this.streams) {
			add(new WireEvent(type, System.nanoTime() - this.start, streamId, value, null, detail));
		}
	}

	private void add(WireEvent event) {
		synchronized (this.events) {
			this.events.add(event);
		}
	}

	List<WireEvent> snapshot() {
		synchronized (this.events) {
			return List.copyOf(this.events);
		}
	}

}
