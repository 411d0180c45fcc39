package io.github.http3spring.context;

import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.ShutdownVerdict;

import org.springframework.context.ApplicationEvent;

/**
 * Published when the last connection of the HTTP/3 server has ended and its socket is
 * closed, on the thread that stops the application.
 */
public class Http3ShutdownFinishedEvent extends ApplicationEvent {

	private static final long serialVersionUID = 1L;

	private final transient ShutdownVerdict verdict;

	/**
	 * Create the event.
	 * @param server the server
	 * @param verdict what the shutdown did
	 */
	public Http3ShutdownFinishedEvent(Http3Server server, ShutdownVerdict verdict) {
		super(server);
		this.verdict = verdict;
	}

	/**
	 * Return what the shutdown did to connections and requests.
	 * @return the verdict
	 */
	public ShutdownVerdict getVerdict() {
		return this.verdict;
	}

}
