package io.github.http3spring.context;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.web.context.WebServerGracefulShutdownLifecycle;
import org.springframework.context.SmartLifecycle;

/**
 * Lets both servers go on serving for a while when the application stops, so that load
 * balancers have time to notice that it is not ready any more. There is no delay where
 * nobody could notice: when the application has never been ready, or is not closed but
 * restarted. No thread waits.
 */
public class PreShutdownDelayLifecycle implements SmartLifecycle {

	/**
	 * Stopped right before the graceful phase of both servers begins.
	 */
	public static final int PHASE = WebServerGracefulShutdownLifecycle.SMART_LIFECYCLE_PHASE + 1;

	private static final Log logger = LogFactory.getLog(PreShutdownDelayLifecycle.class);

	private final Duration delay;

	private final ReadinessWatch readiness;

	private volatile boolean running;

	/**
	 * Create the lifecycle.
	 * @param delay the time to go on serving for
	 * @param readiness tells whether load balancers have something to notice
	 */
	public PreShutdownDelayLifecycle(Duration delay, ReadinessWatch readiness) {
		this.delay = delay;
		this.readiness = readiness;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		throw new UnsupportedOperationException("Stop must not be invoked directly");
	}

	@Override
	public void stop(Runnable callback) {
		this.running = false;
		if (this.delay.isZero() || !this.readiness.isWithdrawn()) {
			callback.run();
			return;
		}
		logger.info("Serving on for " + this.delay.toMillis() + " ms before the shutdown starts");
		CompletableFuture.delayedExecutor(this.delay.toNanos(), TimeUnit.NANOSECONDS, Runnable::run).execute(callback);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
