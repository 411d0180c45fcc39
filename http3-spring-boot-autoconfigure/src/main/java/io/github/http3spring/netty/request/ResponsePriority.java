package io.github.http3spring.netty.request;

import io.github.http3spring.netty.protocol.Priority;
import io.github.http3spring.netty.stack.QuicheStreams;
import io.netty.incubator.codec.quic.QuicStreamChannel;

/**
 * When the response to one request leaves, compared with others on its connection (RFC
 * 9218). Only requests have one of which somebody has said something. Confined to the
 * event loop of the connection.
 */
final class ResponsePriority {

	private final QuicStreamChannel stream;

	private Priority client = Priority.NONE;

	private Priority server = Priority.NONE;

	private boolean updated;

	ResponsePriority(QuicStreamChannel stream) {
		this.stream = stream;
	}

	/**
	 * Take what the header section of the request says, unless PRIORITY_UPDATE came first
	 * (RFC 9218 section 7).
	 */
	void requested(Priority priority) {
		if (!this.updated) {
			this.client = priority;
			apply();
		}
	}

	/**
	 * Take what a PRIORITY_UPDATE says, which takes the place of all before it.
	 */
	void updated(Priority priority) {
		this.updated = true;
		this.client = priority;
		apply();
	}

	/**
	 * Take what the application says in the header section of its response, which it
	 * knows best (RFC 9218 section 8).
	 */
	void answered(Priority priority) {
		this.server = priority;
		apply();
	}

	private void apply() {
		Priority priority = this.client.overriddenBy(this.server);
		QuicheStreams.prioritize(this.stream.parent(), this.stream.streamId(), priority.urgencyOrDefault(),
				priority.isIncremental());
	}

}
