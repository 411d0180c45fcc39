package io.github.http3spring.server;

import reactor.netty.http.server.HttpServer;

/**
 * Customizes the Reactor Netty server behind the {@link Http3Server}. Beans of this type
 * are applied in their order, after all of Spring Boot's {@code NettyServerCustomizer}
 * beans and after the properties. Protocol, TLS, address and event loops are set
 * afterwards and cannot be changed here. The server is bound once for each worker, and
 * what it calls back is called for each of them.
 */
@FunctionalInterface
public interface Http3ServerCustomizer {

	/**
	 * Return the customized server.
	 * @param server the server so far; immutable
	 * @return the customized server
	 */
	HttpServer customize(HttpServer server);

}
