package io.github.http3spring.context;

import java.time.Duration;
import java.time.Instant;

import io.github.http3spring.server.Http3Server;

import org.springframework.context.ApplicationEvent;

/**
 * Published when the graceful shutdown of the HTTP/3 server starts, on the thread that
 * stops the application.
 */
public class Http3ShutdownStartedEvent extends ApplicationEvent {

	private static final long serialVersionUID = 1L;

	private final Duration gracePeriod;

	/**
	 * Create the event.
	 * @param server the server
	 * @param gracePeriod the time after which everything that is still open is cut off
	 */
	public Http3ShutdownStartedEvent(Http3Server server, Duration gracePeriod) {
		super(server);
		this.gracePeriod = gracePeriod;
	}

	/**
	 * Return the time after which everything that is still open is cut off.
	 * @return the grace period
	 */
	public Duration getGracePeriod() {
		return this.gracePeriod;
	}

	/**
	 * Return when everything that is still open is cut off.
	 * @return the end of the grace period
	 */
	public Instant getDeadline() {
		return Instant.ofEpochMilli(getTimestamp()).plus(this.gracePeriod);
	}

}
