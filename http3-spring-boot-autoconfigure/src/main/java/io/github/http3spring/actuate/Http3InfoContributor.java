package io.github.http3spring.actuate;

import java.util.function.Supplier;

import io.github.http3spring.server.Http3Server;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/**
 * Adds port, native library, socket and number of event loops to the endpoint
 * {@code info}.
 */
public class Http3InfoContributor implements InfoContributor {

	private final Supplier<Http3Server> server;

	/**
	 * Create the contributor.
	 * @param server the server; asked for late, because it needs the handler that shows
	 * the information
	 */
	public Http3InfoContributor(Supplier<Http3Server> server) {
		this.server = server;
	}

	@Override
	public void contribute(Info.Builder builder) {
		builder.withDetail("http3", RuntimeDetails.of(this.server.get()));
	}

}
