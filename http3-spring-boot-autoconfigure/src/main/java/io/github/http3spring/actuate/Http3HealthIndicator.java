package io.github.http3spring.actuate;

import java.util.function.Supplier;

import io.github.http3spring.server.Http3Server;

import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;

/**
 * Tells whether HTTP/3 is served: out of service while the server shuts down, down when
 * its socket is gone.
 */
public class Http3HealthIndicator extends AbstractHealthIndicator {

	private final Supplier<Http3Server> server;

	/**
	 * Create the indicator.
	 * @param server the server; asked for late, because it needs the handler that shows
	 * the health
	 */
	public Http3HealthIndicator(Supplier<Http3Server> server) {
		super("HTTP/3 health check failed");
		this.server = server;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		Http3Server server = this.server.get();
		switch (server.getState()) {
			case RUNNING -> builder.up();
			case SHUTTING_DOWN -> builder.outOfService();
			case STOPPED -> builder.down();
		}
		builder.withDetails(RuntimeDetails.of(server)).withDetail("memory", server.getMemoryUsage().byName());
	}

}
