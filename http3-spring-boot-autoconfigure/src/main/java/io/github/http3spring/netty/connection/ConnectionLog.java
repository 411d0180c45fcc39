package io.github.http3spring.netty.connection;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

import io.github.http3spring.netty.tls.CertificateRefusals;
import io.github.http3spring.netty.tls.TlsAlert;
import io.github.http3spring.shutdown.ConnectionOutcome;
import io.github.http3spring.shutdown.ConnectionShutdown;
import io.github.http3spring.shutdown.ConnectionState;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.quic.QuicTransportError;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Tells the story of one connection at DEBUG, each line with its identifier, which the
 * endpoint {@code http3} shows too. What a peer can choose freely is not logged here. Has
 * nothing to do per request while the connection is not being shut down.
 */
final class ConnectionLog implements ConnectionEvents {

	/**
	 * Name of the logger.
	 */
	static final String LOGGER = "io.github.http3spring.connection";

	private static final String ID = "http3.connection.id";

	private static final Log logger = LogFactory.getLog(LOGGER);

	private final Supplier<String> id;

	private final CertificateRefusals refusals;

	/**
	 * Create the log of a connection.
	 * @param id the identifier of the connection, asked for when there is something to
	 * log
	 * @param refusals told when the peer refuses our certificate, which concerns more
	 * than one connection
	 */
	ConnectionLog(Supplier<String> id, CertificateRefusals refusals) {
		this.id = id;
		this.refusals = refusals;
	}

	@Override
	public void accepted(@Nullable SocketAddress peer) {
		if (logger.isDebugEnabled()) {
			log("accepted from " + peer);
		}
	}

	@Override
	public void refused(SocketAddress peer, String reason) {
		if (logger.isDebugEnabled()) {
			log("refused, " + reason + "; came from " + peer);
		}
	}

	@Override
	public void handshakeDone(Duration age) {
		if (logger.isDebugEnabled()) {
			log("handshake done after " + age.toMillis() + " ms");
		}
	}

	@Override
	public void handshakeGivenUp() {
		if (logger.isDebugEnabled()) {
			log("handshake not done in time");
		}
	}

	@Override
	public void moved(@Nullable SocketAddress peer) {
		if (logger.isDebugEnabled()) {
			log("moved to " + peer);
		}
	}

	@Override
	public void blackHoleFound() {
		if (logger.isDebugEnabled()) {
			log("large datagrams vanish, sends small ones from now on");
		}
	}

	@Override
	public void goAwaySent(long streamId, int open) {
		if (logger.isDebugEnabled()) {
			boolean first = streamId == ConnectionShutdown.MAX_REQUEST_STREAM_ID;
			log((first ? "first" : "final") + " GOAWAY " + streamId + " sent, requests left: " + open);
		}
	}

	@Override
	public void requestRejected(long streamId) {
		if (logger.isDebugEnabled()) {
			log("request " + streamId + " rejected");
		}
	}

	/**
	 * Told only while the connection is being shut down.
	 */
	@Override
	public void requestEnded(long streamId, boolean successful, ConnectionState state, int open) {
		if (state.compareTo(ConnectionState.OPEN) > 0 && logger.isDebugEnabled()) {
			log("request " + streamId + " ended, requests left: " + open);
		}
	}

	@Override
	public void flushing(int undelivered, Duration timeToRead) {
		if (logger.isDebugEnabled()) {
			log("flushing, responses not acknowledged: " + undelivered + ", time to read: "
					+ Math.max(0, timeToRead.toMillis()) + " ms");
		}
	}

	@Override
	public void keptAlive() {
		if (logger.isDebugEnabled()) {
			log("kept alive");
		}
	}

	@Override
	public void timeIsOver(int open, int undelivered) {
		if (logger.isDebugEnabled()) {
			log("time is over, requests left: " + open + ", responses not acknowledged: " + undelivered);
		}
	}

	@Override
	public void excessiveLoad(ExcessiveLoad load) {
		if (logger.isDebugEnabled()) {
			log(load.toString());
		}
	}

	@Override
	public void closeSent(@Nullable ConnectionOutcome outcome) {
		if (logger.isDebugEnabled()) {
			log((outcome != null) ? String.format("CONNECTION_CLOSE 0x%x sent", errorCode(outcome))
					: "CONNECTION_CLOSE sent because of the peer");
		}
	}

	private static long errorCode(ConnectionOutcome outcome) {
		return outcome.hasBeenOpen() ? Http3ErrorCode.H3_NO_ERROR.code() : QuicTransportError.CONNECTION_REFUSED.code();
	}

	/**
	 * The reason is not logged: it is what the peer likes.
	 */
	@Override
	public void closeReceived(boolean application, int errorCode) {
		TlsAlert alert = application ? null : TlsAlert.ofTransportError(errorCode);
		if (logger.isDebugEnabled()) {
			log(String.format("CONNECTION_CLOSE 0x%x received", errorCode)
					+ ((alert != null) ? ", TLS alert " + alert : ""));
		}
		if (alert != null) {
			this.refusals.received(alert);
		}
	}

	@Override
	public void closingPeriodOver() {
		if (logger.isDebugEnabled()) {
			log("closing period over");
		}
	}

	@Override
	public void ended(ConnectionOutcome outcome, Duration age, long requests) {
		if (logger.isDebugEnabled()) {
			String name = outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ');
			log("ended: " + name + ", after " + age.toMillis() + " ms and " + requests + " requests");
		}
	}

	private void log(String event) {
		String id = this.id.get();
		LogFields.with(Map.of(ID, id), () -> logger.debug("[" + id + "] " + event));
	}

}
