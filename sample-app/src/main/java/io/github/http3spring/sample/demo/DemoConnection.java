package io.github.http3spring.sample.demo;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireEvent;
import io.github.http3spring.wire.WireResponse;

/**
 * A connection of the demo: its requests and what it saw.
 */
final class DemoConnection {

	private final String name;

	private final WireConnection wire;

	private final long start;

	private final List<DemoRequest> requests = new CopyOnWriteArrayList<>();

	private DemoConnection(String name, WireConnection wire) {
		this.name = name;
		this.wire = wire;
		// The connection is ready with its last event, right now
		List<WireEvent> events = wire.events();
		this.start = System.nanoTime() - events.get(events.size() - 1).nanos();
	}

	static CompletableFuture<DemoConnection> open(WireClient client, InetSocketAddress server, String name) {
		return client.connect(server).thenApply((wire) -> new DemoConnection(name, wire));
	}

	/**
	 * Send a GET request.
	 * @param path the path
	 * @param expected tells whether the response has the right content
	 * @return the request
	 */
	DemoRequest get(String path, Predicate<WireResponse> expected) {
		DemoRequest request = new DemoRequest(path, this.wire.get(path), expected);
		this.requests.add(request);
		return request;
	}

	/**
	 * Send a GET request and do not read its response beyond what has arrived by then.
	 * @param path the path
	 * @param expected tells whether the response has the right content
	 * @return the request
	 */
	DemoRequest getAndPause(String path, Predicate<WireResponse> expected) {
		DemoRequest request = get(path, expected);
		request.stream().headersReceived().thenRun(request.stream()::pauseReading);
		return request;
	}

	String describeRequests() {
		if (this.requests.isEmpty()) {
			return "nothing";
		}
		DemoRequest request = this.requests.get(0);
		long received = request.stream().bytesReceived();
		return "%d x GET %s, %s".formatted(this.requests.size(), request.path(),
				(received > 0) ? "%d bytes received so far".formatted(received) : "waiting for the response");
	}

	boolean isClosed() {
		return this.wire.closed().isDone();
	}

	String name() {
		return this.name;
	}

	WireConnection wire() {
		return this.wire;
	}

	List<DemoRequest> requests() {
		return this.requests;
	}

	/**
	 * Return when the last thing happened to this connection.
	 */
	long endedAt() {
		List<WireEvent> events = this.wire.events();
		return this.start + events.get(events.size() - 1).nanos();
	}

	/**
	 * Put what this connection saw on a timeline.
	 */
	void report(Timeline timeline) {
		for (WireEvent event : this.wire.events()) {
			String what = describe(event);
			if (!what.isEmpty()) {
				timeline.add(this.start + event.nanos(), this.name, what);
			}
		}
	}

	private String describe(WireEvent event) {
		return switch (event.type()) {
			case STREAM_OPENED -> "GET %s sent as request %d".formatted(request(event).path(), event.streamId());
			case FIN -> request(event).describeEnd();
			case RESET_STREAM -> "GET %s, request %d, reset with %s".formatted(request(event).path(), event.streamId(),
					ErrorCodes.application(event.value()));
			case GOAWAY -> GoAway.describe(event.value());
			case CONNECTION_CLOSE ->
				(event.closeFrame() != null) ? "CONNECTION_CLOSE with " + ErrorCodes.describe(event.closeFrame()) : "";
			case IDLE_TIMEOUT, LOCAL_CLOSE, ERROR -> "%s %s".formatted(event.type(), event.detail());
			case EARLY_DATA_READY, HANDSHAKE_DONE, SETTINGS, HEADERS, DATA, STOP_SENDING -> "";
		};
	}

	private DemoRequest request(WireEvent event) {
		return this.requests.stream()
			.filter((request) -> request.stream().streamId() == event.streamId())
			.findFirst()
			.orElseThrow();
	}

}
