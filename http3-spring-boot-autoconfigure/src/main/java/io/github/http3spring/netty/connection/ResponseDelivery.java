package io.github.http3spring.netty.connection;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.github.http3spring.netty.stack.PathTiming;
import io.github.http3spring.netty.stack.QuicheTimers;
import io.github.http3spring.shutdown.ReadingTime;
import io.github.http3spring.shutdown.RoundTripTime;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Knows whether a connection may be closed without losing anything: the peer has
 * acknowledged all responses and the final GOAWAY, and has had time to read. Confined to
 * the event loop of the connection.
 * <p>
 * A peer that has acknowledged the GOAWAY knows which requests are served. What it had
 * sent before may have been lost on its way: the identifier in the GOAWAY tells it that
 * nothing of that was processed (RFC 9114 section 5.2). A peer that does not acknowledge
 * the GOAWAY is given up soon; one that does not acknowledge a response is waited for as
 * long as it answers at all, which {@code ConnectionShutdown} watches.
 */
final class ResponseDelivery {

	private final QuicChannel channel;

	private final Duration maxIdleTimeout;

	private final UnacknowledgedStreams unacknowledged;

	private final ReadingTime readingTime;

	private final LongSupplier clock;

	private @Nullable Future<?> check;

	ResponseDelivery(QuicChannel channel, Duration maxIdleTimeout, Duration linger) {
		this(channel, maxIdleTimeout, linger, System::nanoTime);
	}

	ResponseDelivery(QuicChannel channel, Duration maxIdleTimeout, Duration linger, LongSupplier clock) {
		this.channel = channel;
		this.maxIdleTimeout = maxIdleTimeout;
		this.unacknowledged = new UnacknowledgedStreams(channel);
		this.readingTime = new ReadingTime(linger, clock);
		this.clock = clock;
	}

	/**
	 * Note that a response was handed to the transport.
	 * @param streamId the identifier of its stream
	 * @param bytes its size
	 * @param timeToRead the time that the client still needs to read it, {@code null} if
	 * nothing is known of its pace
	 */
	void responseSent(long streamId, long bytes, @Nullable Duration timeToRead) {
		this.unacknowledged.add(streamId);
		if (timeToRead != null) {
			this.readingTime.responseSent(timeToRead);
		}
		else {
			this.readingTime.responseSent(bytes);
		}
	}

	/**
	 * Note that the rest of a request was asked not to be sent.
	 */
	void requestStopped(long streamId) {
		this.unacknowledged.addStopped(streamId);
	}

	/**
	 * Return how many responses are still on their way.
	 */
	int undelivered() {
		return this.unacknowledged.count();
	}

	/**
	 * Return what is left of the time to read, negative or zero if it is over.
	 */
	Duration readingTime() {
		return this.readingTime.left();
	}

	/**
	 * Give the responses up that are still on their way.
	 */
	void reset(int errorCode) {
		this.unacknowledged.reset(errorCode);
	}

	/**
	 * Run a task as soon as nothing can be lost any more, but not at once: the final
	 * GOAWAY leaves after the present task.
	 * @param delivered the task
	 */
	void await(Runnable delivered) {
		cancel();
		RoundTripTime roundTripTime = PathTiming.roundTripTime(this.channel);
		long patience = this.clock.getAsLong() + roundTripTime.maxWaitForGoAway().toNanos();
		check(new Flush(roundTripTime.checkInterval(), PathTiming.maxProbeTimeout(this.channel, this.maxIdleTimeout),
				patience, delivered));
	}

	private void check(Flush flush) {
		schedule(flush.interval(), () -> {
			if (!isAcknowledged(flush)) {
				check(flush);
			}
			else if (this.readingTime.isOver()) {
				flush.delivered().run();
			}
			else {
				schedule(this.readingTime.left(), flush.delivered());
			}
		});
	}

	private boolean isAcknowledged(Flush flush) {
		boolean delivered = undelivered() == 0;
		if (!delivered && !this.unacknowledged.isUncertain()) {
			return false;
		}
		return !QuicheTimers.isInFlight(this.channel, flush.maxProbeTimeout())
				|| (delivered && this.clock.getAsLong() - flush.patience() > 0);
	}

	private void schedule(Duration delay, Runnable task) {
		this.check = this.channel.eventLoop().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
	}

	/**
	 * Wait no longer.
	 */
	void cancel() {
		if (this.check != null) {
			this.check.cancel(false);
			this.check = null;
		}
	}

	/**
	 * What does not change while responses are on their way.
	 *
	 * @param interval the time between two looks
	 * @param maxProbeTimeout the longest time that a timer for something in flight runs
	 * @param patience the time until which the GOAWAY has to be acknowledged
	 * @param delivered what to run at the end
	 */
	private record Flush(Duration interval, Duration maxProbeTimeout, long patience, Runnable delivered) {

	}

}
