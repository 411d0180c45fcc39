package io.github.http3spring.netty.connection;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;

import io.github.http3spring.shutdown.ConnectionPolicy;
import io.github.http3spring.shutdown.ConnectionShutdown;
import io.github.http3spring.shutdown.ConnectionTiming;
import io.github.http3spring.shutdown.ConnectionTiming.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a connection is shut down while its server lives on: because of its age,
 * its requests or that there are none, what the codec keeps for it, or because somebody
 * wants it to. Confined to the event loop of the connection.
 */
final class ConnectionRetirement implements KeepAlive.Owner {

	/**
	 * Requests whose end was not received after which a connection is shut down: the
	 * codec keeps the channels of their streams until the connection ends.
	 */
	private static final int MAX_UNRECEIVED = 1000;

	private final ConnectionPolicy policy;

	private final ConnectionShutdown shutdown;

	private final ConnectionTiming timing;

	private final IntSupplier undelivered;

	private @Nullable Timer age;

	private @Nullable KeepAlive keepAlive;

	private int unreceived;

	ConnectionRetirement(ConnectionPolicy policy, ConnectionShutdown shutdown, ConnectionTiming timing,
			IntSupplier undelivered) {
		this.policy = policy;
		this.shutdown = shutdown;
		this.timing = timing;
		this.undelivered = undelivered;
	}

	/**
	 * Note that the handshake is done.
	 */
	void established() {
		// It may have ended with the first packet that was sent on it
		if (!this.shutdown.isClosing()) {
			watch();
		}
		// Early data
		requestAccepted();
	}

	/**
	 * Wait until the connection is old enough, or without requests for long enough, if
	 * there are such times.
	 */
	private void watch() {
		Duration maxAge = this.policy.maxAge();
		if (maxAge != null) {
			long jitter = this.policy.maxAgeJitter().toNanos();
			long deviation = (jitter > 0) ? ThreadLocalRandom.current().nextLong(-jitter, jitter + 1) : 0;
			this.age = this.timing.schedule(maxAge.plusNanos(deviation), this::begin);
		}
		Duration keepAliveTimeout = this.policy.keepAliveTimeout();
		if (keepAliveTimeout != null) {
			this.keepAlive = new KeepAlive(keepAliveTimeout, this.timing, this);
		}
	}

	@Override
	public long requests() {
		return this.shutdown.requests().accepted();
	}

	@Override
	public boolean isBusy() {
		return this.shutdown.requests().open() > 0 || this.undelivered.getAsInt() > 0;
	}

	@Override
	public void keptForNothing() {
		begin();
	}

	void requestAccepted() {
		if (this.policy.maxRequests() > 0 && this.shutdown.requests().accepted() >= this.policy.maxRequests()) {
			begin();
		}
	}

	/**
	 * Note that a request has ended whose end was not received.
	 */
	void requestNotReceived() {
		if (++this.unreceived == MAX_UNRECEIVED && !this.shutdown.isShuttingDown()) {
			begin();
		}
	}

	/**
	 * Begin the shutdown, with the grace period of connections that have served for long.
	 */
	void begin() {
		begin(this.policy.maxAgeGrace());
	}

	/**
	 * Begin the shutdown, or bring the deadline forward of one that has begun.
	 * @param gracePeriod time after which everything that is still open is cut off
	 * @return whether this call began the shutdown
	 */
	boolean begin(Duration gracePeriod) {
		cancel();
		return this.shutdown.retire(gracePeriod);
	}

	void cancel() {
		if (this.age != null) {
			this.age.cancel();
			this.age = null;
		}
		if (this.keepAlive != null) {
			this.keepAlive.cancel();
			this.keepAlive = null;
		}
	}

}
