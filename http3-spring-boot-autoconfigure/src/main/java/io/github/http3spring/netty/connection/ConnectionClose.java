package io.github.http3spring.netty.connection;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.github.http3spring.netty.stack.PathTiming;
import io.github.http3spring.netty.stack.QuicheAccess;
import io.github.http3spring.netty.stack.QuicheStreams;
import io.github.http3spring.netty.stack.QuicheTimers;
import io.github.http3spring.shutdown.CloseTiming;
import io.netty.buffer.Unpooled;
import io.netty.incubator.codec.http3.Http3;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicStreamChannel;

/**
 * Sends the CONNECTION_CLOSE of a graceful shutdown so that the peer sees it. Confined to
 * the event loop of the connection.
 * <p>
 * quiche sends it only within the congestion window, which is full when a response was
 * cut off. It empties within a round trip, because nothing more is sent; if
 * acknowledgements are lost, the next probe may leave regardless of it (RFC 9002 section
 * 7.5), and the close goes into that.
 */
final class ConnectionClose {

	private static final int NO_ERROR = Http3ErrorCode.H3_NO_ERROR.code();

	private final QuicChannel channel;

	private final Duration maxIdleTimeout;

	private final Runnable gone;

	private final LongSupplier clock;

	/**
	 * Prepare to close a connection.
	 * @param channel the connection
	 * @param maxIdleTimeout the idle timeout that we have announced, zero for none
	 * @param gone called if it has ended by itself before
	 */
	ConnectionClose(QuicChannel channel, Duration maxIdleTimeout, Runnable gone) {
		this(channel, maxIdleTimeout, gone, System::nanoTime);
	}

	ConnectionClose(QuicChannel channel, Duration maxIdleTimeout, Runnable gone, LongSupplier clock) {
		this.channel = channel;
		this.maxIdleTimeout = maxIdleTimeout;
		this.gone = gone;
		this.clock = clock;
	}

	/**
	 * Send it at once.
	 */
	void send() {
		if (this.channel.isOpen()) {
			this.channel.close(true, NO_ERROR, Unpooled.EMPTY_BUFFER);
		}
		else {
			this.gone.run();
		}
	}

	/**
	 * Send it when what was cut off has reached the peer, or else in time.
	 * @param cutOffAt the time at which the requests were cut off, by the same clock
	 */
	void sendAfter(long cutOffAt) {
		QuicStreamChannel controlStream = Http3.getLocalControlStream(this.channel);
		if (controlStream == null) {
			send();
			return;
		}
		attempt(controlStream, PathTiming.roundTripTime(this.channel).checkInterval(),
				PathTiming.maxProbeTimeout(this.channel, this.maxIdleTimeout), cutOffAt);
	}

	private void attempt(QuicStreamChannel controlStream, Duration interval, Duration maxProbeTimeout, long cutOffAt) {
		if (!this.channel.isOpen()) {
			send();
			return;
		}
		Duration sinceCutOff = Duration.ofNanos(this.clock.getAsLong() - cutOffAt);
		boolean acknowledged = !QuicheTimers.isInFlight(this.channel, maxProbeTimeout);
		long room = room(controlStream);
		switch (CloseTiming.of(sinceCutOff, acknowledged, room)) {
			case SEND -> send();
			case SEND_ALONE -> sendAlone();
			case WAIT -> {
				Duration pause = interval;
				if (!acknowledged && CloseTiming.needsProbe(room)) {
					Duration untilTimeout = QuicheTimers.takeTimeout(this.channel);
					if (untilTimeout.isZero() && QuicheTimers.isProbeDue(this.channel)) {
						sendAlone();
						return;
					}
					pause = (untilTimeout.isZero() || interval.compareTo(untilTimeout) < 0) ? interval : untilTimeout;
				}
				this.channel.eventLoop()
					.schedule(() -> attempt(controlStream, interval, maxProbeTimeout, cutOffAt), pause.toNanos(),
							TimeUnit.NANOSECONDS);
			}
		}
	}

	/**
	 * Return how many bytes the congestion window has room for. While a probe is due
	 * quiche calls the room unlimited, and goes on to when the probe has left.
	 */
	private long room(QuicStreamChannel controlStream) {
		long capacity = QuicheStreams.capacity(this.channel, controlStream.streamId());
		boolean known = !QuicheAccess.AVAILABLE || capacity <= PathTiming.congestionWindow(this.channel);
		return known ? capacity : 0;
	}

	/**
	 * Send it before all else that waits to be sent.
	 */
	void sendAlone() {
		QuicheAccess.close(this.channel, NO_ERROR);
		send();
	}

}
