package io.github.http3spring.netty.connection;

import io.github.http3spring.netty.stack.PathTiming;
import io.github.http3spring.netty.stack.QuicheAccess;
import io.github.http3spring.netty.udp.AmplificationLimit;
import io.github.http3spring.netty.udp.ClosingPeriods;
import io.netty.incubator.codec.quic.QuicChannel;

/**
 * Gives a connection its closing period (RFC 9000 section 10.2.1), both when we close it
 * and when the codec does after an error of the peer, or its draining period (section
 * 10.2.2). Confined to the event loop of the connection.
 */
final class ClosingPeriod {

	private final QuicChannel channel;

	private final AmplificationLimit.Client client;

	private final ClosingPeriods periods;

	private final ConnectionEvents events;

	private final Runnable over;

	private boolean begun;

	/**
	 * Prepare the closing period of a connection.
	 * @param channel the connection
	 * @param client knows whether the address of the client is validated
	 * @param periods keeps it
	 * @param events who listens to what happens on the connection
	 * @param over called when it is over, or if there is nothing to close any more
	 */
	ClosingPeriod(QuicChannel channel, AmplificationLimit.Client client, ClosingPeriods periods,
			ConnectionEvents events, Runnable over) {
		this.channel = channel;
		this.client = client;
		this.periods = periods;
		this.events = events;
		this.over = over;
	}

	/**
	 * Close the connection and begin the closing period.
	 * @param close sends CONNECTION_CLOSE before it returns, or nothing if the peer has
	 */
	void begin(Runnable close) {
		this.begun = true;
		this.periods.close(QuicheAccess.connectionIds(this.channel), this.client.isValidated(), close,
				PathTiming.closingPeriod(this.channel), () -> {
					this.events.closingPeriodOver();
					this.over.run();
				});
	}

	/**
	 * Return whether CONNECTION_CLOSE was sent. What the connection holds may still be
	 * there.
	 */
	boolean hasBegun() {
		return this.begun;
	}

	/**
	 * Note that the connection was to be closed and had ended before. If it was closed by
	 * the codec after an error of the peer, the closing period of that is waited for.
	 */
	void gone() {
		if (!this.begun) {
			this.over.run();
		}
	}

}
