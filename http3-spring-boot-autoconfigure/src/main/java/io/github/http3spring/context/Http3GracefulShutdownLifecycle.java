package io.github.http3spring.context;

import java.time.Duration;

import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.Http3ServerState;

import org.springframework.boot.web.context.WebServerGracefulShutdownLifecycle;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the graceful shutdown of the HTTP/3 server in the phase of the TCP server's, in
 * parallel with it, and tells the application.
 */
public class Http3GracefulShutdownLifecycle implements SmartLifecycle {

	private final Http3Server server;

	private final ApplicationShutdownSignal signal;

	private final Duration gracePeriod;

	private final ApplicationEventPublisher eventPublisher;

	private volatile boolean running;

	/**
	 * Create the lifecycle.
	 * @param server the server
	 * @param signal told when the shutdown starts
	 * @param gracePeriod the time after which the server cuts off everything that is
	 * still open
	 * @param eventPublisher publishes {@link Http3ShutdownStartedEvent}
	 */
	public Http3GracefulShutdownLifecycle(Http3Server server, ApplicationShutdownSignal signal, Duration gracePeriod,
			ApplicationEventPublisher eventPublisher) {
		this.server = server;
		this.signal = signal;
		this.gracePeriod = gracePeriod;
		this.eventPublisher = eventPublisher;
	}

	@Override
	public void start() {
		this.signal.reset();
		this.running = true;
	}

	@Override
	public void stop() {
		throw new UnsupportedOperationException("Stop must not be invoked directly");
	}

	@Override
	public void stop(Runnable callback) {
		this.running = false;
		this.server.shutDownGracefully((result) -> callback.run());
		if (this.server.getState() == Http3ServerState.SHUTTING_DOWN) {
			this.signal.start();
			this.eventPublisher.publishEvent(new Http3ShutdownStartedEvent(this.server, this.gracePeriod));
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return WebServerGracefulShutdownLifecycle.SMART_LIFECYCLE_PHASE;
	}

}
