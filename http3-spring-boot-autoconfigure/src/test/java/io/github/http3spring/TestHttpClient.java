package io.github.http3spring;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

import javax.net.ssl.SNIServerName;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.incubator.codec.quic.QuicSslContextBuilder;
import io.netty.resolver.DefaultAddressResolverGroup;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.Http3SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.SslProvider;

/**
 * Clients of both servers, Reactor Netty's own. They trust any certificate, and nothing
 * of them is left once they are closed.
 */
public final class TestHttpClient implements AutoCloseable {

	/**
	 * Bound of everything that a test waits for.
	 */
	public static final Duration TIMEOUT = Duration.ofSeconds(20);

	private final ConnectionProvider connections = ConnectionProvider.create("test-client", 1);

	private final LoopResources loops = LoopResources.create("test-client", 1, true);

	/**
	 * Return a client of the HTTP/3 server, which keeps one connection.
	 */
	public HttpClient http3(int port) {
		return http3(port, (tls) -> {
		});
	}

	/**
	 * Return a client of the HTTP/3 server with more TLS, such as a certificate.
	 * @param serverNames the names to ask for, none by default
	 */
	public HttpClient http3(int port, Consumer<QuicSslContextBuilder> tls, SNIServerName... serverNames) {
		Http3SslContextSpec sslContext = Http3SslContextSpec.forClient()
			.configure((builder) -> builder.trustManager(InsecureTrustManagerFactory.INSTANCE))
			.configure(tls);
		return client(port).protocol(HttpProtocol.HTTP3)
			.secure((spec) -> spec.sslContext(sslContext).serverNames(serverNames))
			.http3Settings((settings) -> settings.idleTimeout(TIMEOUT)
				.maxData(16 << 20)
				.maxStreamDataBidirectionalLocal(8 << 20)
				.maxStreamDataBidirectionalRemote(8 << 20)
				.maxStreamsBidirectional(100));
	}

	/**
	 * Return a client of the TCP server.
	 */
	public HttpClient tcp(int port) {
		return tcp(port, (tls) -> {
		});
	}

	/**
	 * Return a client of the TCP server with more TLS, such as a certificate.
	 * @param serverNames the names to ask for, none by default
	 */
	public HttpClient tcp(int port, Consumer<SslContextBuilder> tls, SNIServerName... serverNames) {
		SslProvider.GenericSslContextSpec<SslContextBuilder> sslContext = Http11SslContextSpec.forClient()
			.configure((builder) -> {
				builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
				tls.accept(builder);
			});
		return client(port).secure((spec) -> spec.sslContext(sslContext).serverNames(serverNames));
	}

	/**
	 * Return a client of the TCP server that speaks HTTP/2.
	 */
	public HttpClient http2(int port) {
		SslProvider.GenericSslContextSpec<SslContextBuilder> sslContext = Http2SslContextSpec.forClient()
			.configure((builder) -> builder.trustManager(InsecureTrustManagerFactory.INSTANCE));
		return client(port).protocol(HttpProtocol.H2).secure((spec) -> spec.sslContext(sslContext));
	}

	/**
	 * Return a client of a TCP server without TLS.
	 */
	public HttpClient clearText(int port) {
		return client(port).baseUrl("http://localhost:" + port);
	}

	private HttpClient client(int port) {
		return HttpClient.create(this.connections)
			.runOn(this.loops)
			.resolver(DefaultAddressResolverGroup.INSTANCE)
			.baseUrl("https://localhost:" + port)
			.responseTimeout(TIMEOUT);
	}

	/**
	 * Get a body as text.
	 */
	public static String get(HttpClient client, String path) {
		return Objects.requireNonNull(
				client.get().uri(path).responseContent().aggregate().asString().defaultIfEmpty("").block(TIMEOUT));
	}

	/**
	 * Get the headers of a response.
	 */
	public static HttpHeaders headers(HttpClient client, String path) {
		return Objects.requireNonNull(client.get()
			.uri(path)
			.responseSingle((response, body) -> body.then().thenReturn(response.responseHeaders()))
			.block(TIMEOUT));
	}

	@Override
	public void close() {
		this.connections.disposeLater().block(TIMEOUT);
		this.loops.disposeLater(Duration.ZERO, TIMEOUT).block(TIMEOUT);
	}

}
