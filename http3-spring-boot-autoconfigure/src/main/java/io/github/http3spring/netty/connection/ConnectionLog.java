package io.github.http3spring.netty.connection;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

import io.github.http3spring.shutdown.ConnectionOutcome;
import io.github.http3spring.shutdown.ConnectionShutdown;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.quic.QuicConnectionCloseEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Tells the story of one connection at DEBUG, each line with its identifier, which the
 * endpoint {@code http3} shows too. What a peer can choose freely is not logged here. Has
 * nothing to do per request while the connection is not being shut down.
 */
public final class ConnectionLog {

	/**
	 * Name of the logger.
	 */
	static final String LOGGER = "io.github.http3spring.connection";

	private static final String ID = "http3.connection.id";

	private static final Log logger = LogFactory.getLog(LOGGER);

	private final Supplier<String> id;

	ConnectionLog(Supplier<String> id) {
		this.id = id;
	}

	void accepted(@Nullable SocketAddress peer) {
		if (logger.isDebugEnabled()) {
			log("accepted from " + peer);
		}
	}

	/**
	 * Tell that a connection was refused, by the connection id that its client has
	 * chosen: it has no other.
	 */
	public static void refused(ByteBuffer connectionId, SocketAddress client, String reason) {
		if (logger.isDebugEnabled()) {
			new ConnectionLog(() -> ByteBufUtil.hexDump(Unpooled.wrappedBuffer(connectionId)))
				.log("refused, " + reason + "; came from " + client);
		}
	}

	void handshakeDone(long millis) {
		if (logger.isDebugEnabled()) {
			log("handshake done after " + millis + " ms");
		}
	}

	void handshakeTimedOut() {
		if (logger.isDebugEnabled()) {
			log("handshake not done in time");
		}
	}

	void migrated(@Nullable SocketAddress peer) {
		if (logger.isDebugEnabled()) {
			log("moved to " + peer);
		}
	}

	void goAwaySent(long streamId, int open) {
		if (logger.isDebugEnabled()) {
			boolean first = streamId == ConnectionShutdown.MAX_REQUEST_STREAM_ID;
			log((first ? "first" : "final") + " GOAWAY " + streamId + " sent, requests left: " + open);
		}
	}

	void requestRejected(long streamId) {
		if (logger.isDebugEnabled()) {
			log("request " + streamId + " rejected");
		}
	}

	void requestEnded(long streamId, int open) {
		if (logger.isDebugEnabled()) {
			log("request " + streamId + " ended, requests left: " + open);
		}
	}

	void flushing(int undelivered, long readingMillis) {
		if (logger.isDebugEnabled()) {
			log("flushing, responses not acknowledged: " + undelivered + ", time to read: " + Math.max(0, readingMillis)
					+ " ms");
		}
	}

	void keptAlive() {
		if (logger.isDebugEnabled()) {
			log("kept alive");
		}
	}

	void timeIsOver(int open, int undelivered) {
		if (logger.isDebugEnabled()) {
			log("time is over, requests left: " + open + ", responses not acknowledged: " + undelivered);
		}
	}

	void tooManyResets() {
		if (logger.isDebugEnabled()) {
			log("too many requests reset");
		}
	}

	void closeSent(boolean shutDown) {
		if (logger.isDebugEnabled()) {
			log(shutDown ? String.format("CONNECTION_CLOSE 0x%x sent", Http3ErrorCode.H3_NO_ERROR.code())
					: "CONNECTION_CLOSE sent because of the peer");
		}
	}

	/**
	 * The reason is not logged: it is what the peer likes.
	 */
	void closedByPeer(QuicConnectionCloseEvent event) {
		if (logger.isDebugEnabled()) {
			log(String.format("CONNECTION_CLOSE 0x%x received", event.error()));
		}
	}

	void closingPeriodOver() {
		if (logger.isDebugEnabled()) {
			log("closing period over");
		}
	}

	void ended(ConnectionOutcome outcome, long millis, long requests) {
		if (logger.isDebugEnabled()) {
			String name = outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ');
			log("ended: " + name + ", after " + millis + " ms and " + requests + " requests");
		}
	}

	private void log(String event) {
		String id = this.id.get();
		LogFields.with(Map.of(ID, id), () -> logger.debug("[" + id + "] " + event));
	}

}
