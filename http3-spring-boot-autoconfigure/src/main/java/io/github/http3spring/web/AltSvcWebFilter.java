package io.github.http3spring.web;

import java.util.function.IntFunction;

import io.github.http3spring.context.ReadinessWatch;
import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.Http3ServerState;
import io.github.http3spring.server.NativeRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Advertises HTTP/3 on responses of the TCP server (RFC 7838, RFC 9114 section 3.1.1) for
 * as long as the HTTP/3 server accepts connections and the application is ready for
 * traffic. Responses carry no other advertisement, over TCP and over HTTP/3 alike: what a
 * gateway has got from its backend is not about the origin that clients know. What was
 * advertised is taken back afterwards over HTTP/3 too: a browser whose next connection is
 * refused would stay away from HTTP/3 for minutes.
 */
public class AltSvcWebFilter implements WebFilter {

	private static final String ALT_SVC = "Alt-Svc";

	/**
	 * Invalidates all alternatives of the origin (RFC 7838 section 3).
	 */
	private static final String CLEAR = "clear";

	private static final String HTTP_3 = "HTTP/3.0";

	private final ObjectProvider<Http3Server> serverProvider;

	private final IntFunction<String> value;

	private final OnShutdown onShutdown;

	private final ApplicationContext applicationContext;

	private final ReadinessWatch readiness;

	private volatile @Nullable Http3Server server;

	private volatile @Nullable Advertisement advertisement;

	/**
	 * Create the filter.
	 * @param serverProvider the server; asked for late, because it needs the handler that
	 * this filter is part of
	 * @param value makes the value of the header from the port of the server
	 * @param onShutdown what to advertise once readiness is withdrawn or the shutdown has
	 * started
	 * @param applicationContext the context of the server; a management server on a port
	 * of its own is another origin
	 * @param readiness tells whether readiness is withdrawn
	 */
	public AltSvcWebFilter(ObjectProvider<Http3Server> serverProvider, IntFunction<String> value, OnShutdown onShutdown,
			ApplicationContext applicationContext, ReadinessWatch readiness) {
		this.onShutdown = onShutdown;
		this.applicationContext = applicationContext;
		this.readiness = readiness;
		this.serverProvider = serverProvider;
		this.value = value;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (exchange.getApplicationContext() == this.applicationContext) {
			boolean http3 = isHttp3(exchange.getRequest());
			ServerHttpResponse response = exchange.getResponse();
			// Late, so that a request which was open when the shutdown began is told too
			response.beforeCommit(() -> {
				String header = header(server());
				// Who is there needs no advertisement, but has to know when it is taken
				// back
				advertise(response.getHeaders(), (http3 && !CLEAR.equals(header)) ? null : header);
				return Mono.empty();
			});
		}
		return chain.filter(exchange);
	}

	private static void advertise(HttpHeaders headers, @Nullable String header) {
		if (header != null) {
			headers.set(ALT_SVC, header);
		}
		else {
			headers.remove(ALT_SVC);
		}
	}

	private @Nullable String header(Http3Server server) {
		Http3ServerState state = server.getState();
		int port = server.getPort();
		if (state == Http3ServerState.STOPPED || port < 0) {
			return null;
		}
		// Whether clients are welcome to open connections
		boolean available = state == Http3ServerState.RUNNING && !this.readiness.isWithdrawn();
		if (!available && this.onShutdown == OnShutdown.CLEAR) {
			return CLEAR;
		}
		return (available || this.onShutdown == OnShutdown.KEEP) ? advertisement(port).value() : null;
	}

	private Http3Server server() {
		Http3Server current = this.server;
		if (current == null) {
			current = this.serverProvider.getObject();
			this.server = current;
		}
		return current;
	}

	/**
	 * Return the advertisement of a port, which changes only when the server starts
	 * again.
	 */
	private Advertisement advertisement(int port) {
		Advertisement current = this.advertisement;
		if (current == null || current.port() != port) {
			current = new Advertisement(port, this.value.apply(port));
			this.advertisement = current;
		}
		return current;
	}

	private static boolean isHttp3(ServerHttpRequest request) {
		HttpServerRequest nativeRequest = NativeRequest.find(request, HttpServerRequest.class);
		return nativeRequest != null && HTTP_3.equals(nativeRequest.version().text());
	}

	private record Advertisement(int port, String value) {

	}

}
