package io.github.http3spring.server;

import org.springframework.http.server.reactive.HttpHandler;

/**
 * Creates the {@link Http3Server} of an application.
 */
@FunctionalInterface
public interface Http3ServerFactory {

	/**
	 * Return a server that is fully configured but not started. Nothing is bound, and no
	 * thread is started, before {@link Http3Server#start()}.
	 * @param httpHandler the handler of all requests
	 * @return the server
	 */
	Http3Server getHttp3Server(HttpHandler httpHandler);

}
