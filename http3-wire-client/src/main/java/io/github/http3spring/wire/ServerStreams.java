package io.github.http3spring.wire;

import java.util.ArrayList;
import java.util.List;

import io.netty.incubator.codec.quic.QuicStreamChannel;

/**
 * The streams that the server has opened, which are read or not. Confined to the event
 * loop.
 */
final class ServerStreams {

	private final List<QuicStreamChannel> streams = new ArrayList<>();

	private boolean paused;

	void add(QuicStreamChannel stream) {
		this.streams.add(stream);
		stream.config().setAutoRead(!this.paused);
	}

	void pause() {
		setPaused(true);
	}

	void resume() {
		setPaused(false);
	}

	void stop(long code) {
		this.streams.forEach((stream) -> stream.shutdownInput((int) code));
	}

	private void setPaused(boolean paused) {
		this.paused = paused;
		this.streams.forEach((stream) -> stream.config().setAutoRead(!paused));
	}

}
