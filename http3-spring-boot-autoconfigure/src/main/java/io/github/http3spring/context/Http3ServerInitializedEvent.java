package io.github.http3spring.context;

import io.github.http3spring.server.Http3Server;

import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ApplicationContextEvent;

/**
 * Published when the HTTP/3 server has started and its port is known. Spring Boot's own
 * {@code WebServerInitializedEvent} stays with the TCP server.
 */
public class Http3ServerInitializedEvent extends ApplicationContextEvent {

	private static final long serialVersionUID = 1L;

	private final transient Http3Server server;

	/**
	 * Create the event.
	 * @param applicationContext the context of the server
	 * @param server the server that has started
	 */
	public Http3ServerInitializedEvent(ApplicationContext applicationContext, Http3Server server) {
		super(applicationContext);
		this.server = server;
	}

	/**
	 * Return the server.
	 * @return the server
	 */
	public Http3Server getServer() {
		return this.server;
	}

}
