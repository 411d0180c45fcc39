package io.github.http3spring.netty;

import io.netty.handler.ssl.ClientAuth;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicSslContext;
import io.netty.incubator.codec.quic.QuicSslContextBuilder;
import io.netty.incubator.codec.quic.QuicSslEngine;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.web.server.Ssl;

/**
 * TLS of the HTTP/3 server: the context of the newest {@link SslBundle} that was given. A
 * handshake keeps the context that it began with, so that an update disturbs no
 * connection. Thread-safe.
 */
public final class ReloadableQuicSslContext {

	/**
	 * Protocol name of RFC 9114 section 3.1; drafts are not offered.
	 */
	private static final String APPLICATION_PROTOCOL = "h3";

	private final ClientAuth clientAuth;

	private volatile QuicSslContext current;

	/**
	 * Create the TLS of a server.
	 * @param bundle the bundle with the server's key and certificate, and with those that
	 * clients are trusted by
	 * @param clientAuth whether clients have to show a certificate
	 */
	public ReloadableQuicSslContext(SslBundle bundle, Ssl.ClientAuth clientAuth) {
		this.clientAuth = Ssl.ClientAuth.map(clientAuth, ClientAuth.NONE, ClientAuth.OPTIONAL, ClientAuth.REQUIRE);
		this.current = build(bundle);
	}

	/**
	 * Use another bundle for handshakes that begin from now on.
	 * @param bundle the new bundle
	 */
	public void update(SslBundle bundle) {
		this.current = build(bundle);
	}

	QuicSslContext current() {
		return this.current;
	}

	QuicSslEngine newEngine(QuicChannel channel) {
		return this.current.newEngine(channel.alloc());
	}

	private QuicSslContext build(SslBundle bundle) {
		return QuicSslContextBuilder
			.forServer(bundle.getManagers().getKeyManagerFactory(), bundle.getKey().getPassword())
			.trustManager(bundle.getManagers().getTrustManagerFactory())
			.clientAuth(this.clientAuth)
			.applicationProtocols(APPLICATION_PROTOCOL)
			.build();
	}

}
