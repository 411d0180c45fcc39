package io.github.http3spring.context;

import java.time.Duration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.scheduler.Schedulers;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;

/**
 * Lets the application go on serving over TCP and HTTP/3 for a while when its context is
 * closed, so that load balancers have time to notice that it is not ready any more. The
 * thread that closes the context waits, as it does for the phases of the shutdown.
 * <p>
 * It waits before any other listener is told, and before the first phase: schedulers shut
 * down with this event, and beans of the default phase before the servers, while requests
 * may need both. There is no delay for an application that has never been ready, because
 * nobody could notice, and none on an event loop, which would serve nobody meanwhile.
 */
public class PreShutdownDelay implements ApplicationListener<ContextClosedEvent>, Ordered {

	private static final Log logger = LogFactory.getLog(PreShutdownDelay.class);

	private final Duration delay;

	private final ReadinessWatch readiness;

	private final ApplicationContext applicationContext;

	/**
	 * Create the delay.
	 * @param delay the time to go on serving for, not negative
	 * @param readiness tells whether load balancers have something to notice
	 * @param applicationContext the context of the servers
	 */
	public PreShutdownDelay(Duration delay, ReadinessWatch readiness, ApplicationContext applicationContext) {
		this.delay = delay;
		this.readiness = readiness;
		this.applicationContext = applicationContext;
	}

	@Override
	public void onApplicationEvent(ContextClosedEvent event) {
		// Events of child contexts come here too
		boolean own = event.getApplicationContext() == this.applicationContext;
		if (!own || this.delay.isZero() || !this.readiness.isWithdrawn()) {
			return;
		}
		if (Schedulers.isInNonBlockingThread()) {
			logger.warn("No delay before the shutdown: the context is closed on an event loop, which serves nothing "
					+ "meanwhile");
			return;
		}
		logger.info("Serving on for " + this.delay.toMillis() + " ms before the shutdown starts");
		try {
			Thread.sleep(this.delay.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Return {@code false}: on another thread nothing would wait.
	 */
	@Override
	public boolean supportsAsyncExecution() {
		return false;
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
