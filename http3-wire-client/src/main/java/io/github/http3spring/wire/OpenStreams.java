package io.github.http3spring.wire;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.incubator.codec.quic.QuicStreamType;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Opens the streams of a connection in order, within the server's stream limit, and knows
 * those that are open. Any thread may open; the rest is confined to the event loop.
 */
final class OpenStreams {

	private final StreamContext context;

	private final Deque<WireStream> waiting = new ArrayDeque<>();

	private final Set<WireStream> open = new LinkedHashSet<>();

	private long nextBidirectional = 0;

	private long nextUnidirectional = 2;

	private @Nullable QuicChannel channel;

	private @Nullable Throwable end;

	private boolean early;

	OpenStreams(StreamContext context) {
		this.context = context;
	}

	/**
	 * Open a stream with the next id (RFC 9000 section 2.1). The lock makes tasks reach
	 * the event loop in the order of their ids, which is the order in which Netty will
	 * give them out.
	 */
	synchronized WireStream open(boolean bidirectional) {
		long id = bidirectional ? this.nextBidirectional : this.nextUnidirectional;
		WireStream stream = new WireStream(this.context, id, this.open::remove);
		this.context.eventLoop().execute(() -> {
			if (this.end != null) {
				stream.fail(this.end);
			}
			else if (bidirectional) {
				this.waiting.add(stream);
				openWaiting();
			}
			else {
				create(QuicStreamType.UNIDIRECTIONAL, stream);
			}
		});
		if (bidirectional) {
			this.nextBidirectional += 4;
		}
		else {
			this.nextUnidirectional += 4;
		}
		return stream;
	}

	void earlyDataReady(QuicChannel channel) {
		this.channel = channel;
		this.early = true;
	}

	void channelActive(QuicChannel channel) {
		this.channel = channel;
		this.early = false;
	}

	void openWaiting() {
		QuicChannel channel = this.channel;
		// Beyond the limit Netty would fail and lose the id. It does not know the limit
		// of
		// early data.
		while (channel != null && (this.early || channel.peerAllowedStreams(QuicStreamType.BIDIRECTIONAL) > 0)
				&& !this.waiting.isEmpty()) {
			create(QuicStreamType.BIDIRECTIONAL, this.waiting.remove());
		}
	}

	private void create(QuicStreamType type, WireStream stream) {
		QuicChannel channel = this.channel;
		if (channel == null) {
			stream.fail(new IllegalStateException("The handshake is not complete"));
			return;
		}
		this.open.add(stream);
		channel.createStream(type, new StreamHandler(stream)).addListener((Future<QuicStreamChannel> future) -> {
			if (!future.isSuccess()) {
				this.open.remove(stream);
				stream.error(future.cause());
			}
		});
	}

	void end(Throwable cause) {
		this.end = cause;
		List<WireStream> streams = List.copyOf(this.open);
		this.open.clear();
		streams.forEach((stream) -> stream.fail(cause));
		this.waiting.forEach((stream) -> stream.fail(cause));
		this.waiting.clear();
	}

}
