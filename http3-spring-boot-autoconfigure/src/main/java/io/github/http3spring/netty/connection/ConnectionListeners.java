package io.github.http3spring.netty.connection;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

import io.github.http3spring.netty.tls.CertificateRefusals;
import io.github.http3spring.shutdown.ConnectionOutcome;
import io.github.http3spring.shutdown.ConnectionState;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Passes each event on to all who listen.
 */
public final class ConnectionListeners implements ConnectionEvents {

	private final ConnectionEvents[] listeners;

	ConnectionListeners(ConnectionEvents... listeners) {
		this.listeners = listeners;
	}

	/**
	 * Return who listens to what becomes of an attempt to connect, which the log knows by
	 * the connection id that its client has chosen: it has no other.
	 */
	public static ConnectionEvents ofAttempt(ByteBuffer connectionId, ServerCounters counters,
			CertificateRefusals refusals) {
		return new ConnectionListeners(
				new ConnectionLog(() -> ByteBufUtil.hexDump(Unpooled.wrappedBuffer(connectionId)), refusals), counters);
	}

	@Override
	public void accepted(@Nullable SocketAddress peer) {
		for (ConnectionEvents listener : this.listeners) {
			listener.accepted(peer);
		}
	}

	@Override
	public void refused(SocketAddress peer, String reason) {
		for (ConnectionEvents listener : this.listeners) {
			listener.refused(peer, reason);
		}
	}

	@Override
	public void handshakeDone(Duration age) {
		for (ConnectionEvents listener : this.listeners) {
			listener.handshakeDone(age);
		}
	}

	@Override
	public void handshakeGivenUp() {
		for (ConnectionEvents listener : this.listeners) {
			listener.handshakeGivenUp();
		}
	}

	@Override
	public void moved(@Nullable SocketAddress peer) {
		for (ConnectionEvents listener : this.listeners) {
			listener.moved(peer);
		}
	}

	@Override
	public void blackHoleFound() {
		for (ConnectionEvents listener : this.listeners) {
			listener.blackHoleFound();
		}
	}

	@Override
	public void requestAccepted() {
		for (ConnectionEvents listener : this.listeners) {
			listener.requestAccepted();
		}
	}

	@Override
	public void requestRejected(long streamId) {
		for (ConnectionEvents listener : this.listeners) {
			listener.requestRejected(streamId);
		}
	}

	@Override
	public void requestEnded(long streamId, boolean successful, ConnectionState state, int open) {
		for (ConnectionEvents listener : this.listeners) {
			listener.requestEnded(streamId, successful, state, open);
		}
	}

	@Override
	public void requestsLost(int requests, int responses) {
		for (ConnectionEvents listener : this.listeners) {
			listener.requestsLost(requests, responses);
		}
	}

	@Override
	public void excessiveLoad(ExcessiveLoad load) {
		for (ConnectionEvents listener : this.listeners) {
			listener.excessiveLoad(load);
		}
	}

	@Override
	public void goAwaySent(long streamId, int open) {
		for (ConnectionEvents listener : this.listeners) {
			listener.goAwaySent(streamId, open);
		}
	}

	@Override
	public void flushing(int undelivered, Duration timeToRead) {
		for (ConnectionEvents listener : this.listeners) {
			listener.flushing(undelivered, timeToRead);
		}
	}

	@Override
	public void keptAlive() {
		for (ConnectionEvents listener : this.listeners) {
			listener.keptAlive();
		}
	}

	@Override
	public void timeIsOver(int open, int undelivered) {
		for (ConnectionEvents listener : this.listeners) {
			listener.timeIsOver(open, undelivered);
		}
	}

	@Override
	public void closeSent(@Nullable ConnectionOutcome outcome) {
		for (ConnectionEvents listener : this.listeners) {
			listener.closeSent(outcome);
		}
	}

	@Override
	public void closeReceived(boolean application, int errorCode) {
		for (ConnectionEvents listener : this.listeners) {
			listener.closeReceived(application, errorCode);
		}
	}

	@Override
	public void closingPeriodOver() {
		for (ConnectionEvents listener : this.listeners) {
			listener.closingPeriodOver();
		}
	}

	@Override
	public void ended(ConnectionOutcome outcome, Duration age, long requests) {
		for (ConnectionEvents listener : this.listeners) {
			listener.ended(outcome, age, requests);
		}
	}

}
