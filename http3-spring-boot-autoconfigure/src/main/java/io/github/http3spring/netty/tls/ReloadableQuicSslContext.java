package io.github.http3spring.netty.tls;

import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

import javax.net.ssl.KeyManagerFactory;

import io.github.http3spring.netty.stack.QuicLibrary;
import io.github.http3spring.netty.stack.ServerNameSelection;
import io.github.http3spring.server.UnusableQuicLibraryException;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.incubator.codec.quic.QuicSslContext;
import io.netty.incubator.codec.quic.QuicSslContextBuilder;
import io.netty.incubator.codec.quic.QuicSslEngine;
import io.netty.incubator.codec.quic.QuicSslSessionContext;
import io.netty.incubator.codec.quic.SslSessionTicketKey;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.web.server.Ssl;

/**
 * TLS of the HTTP/3 server: for each handshake, the context of the newest
 * {@link SslBundle} that was given for the name that the client asks for. A connection
 * keeps its context, so that an update disturbs none, and a context that was replaced is
 * freed after its last connection has ended. Thread-safe.
 */
public final class ReloadableQuicSslContext extends QuicSslContext {

	/**
	 * Protocol name of RFC 9114 section 3.1; drafts are not offered.
	 */
	private static final String APPLICATION_PROTOCOL = "h3";

	private final ClientAuth clientAuth;

	private final boolean earlyData;

	private final @Nullable KeyLogFile keyLog;

	private final Map<String, QuicSslContext> serverNames = new ConcurrentHashMap<>();

	private volatile QuicSslContext current;

	/**
	 * Create the TLS of a server.
	 * @param bundle the bundle with the server's key and certificate, and with those that
	 * clients are trusted by
	 * @param clientAuth whether clients have to show a certificate
	 * @param earlyData whether clients with a ticket may send requests before the end of
	 * the handshake (RFC 9001 section 4.6); has no effect if clients are asked for a
	 * certificate, because early data comes before it
	 * @param keyLog where to write the secrets of all connections, {@code null} for
	 * nowhere
	 * @throws UnusableQuicLibraryException if there can be no QUIC at all
	 * @throws RuntimeException if the bundle cannot be used; the message says why
	 */
	public ReloadableQuicSslContext(SslBundle bundle, Ssl.ClientAuth clientAuth, boolean earlyData,
			@Nullable KeyLogFile keyLog) {
		QuicLibrary.ensureAvailable();
		this.keyLog = keyLog;
		this.clientAuth = Ssl.ClientAuth.map(clientAuth, ClientAuth.NONE, ClientAuth.OPTIONAL, ClientAuth.REQUIRE);
		this.earlyData = earlyData && this.clientAuth == ClientAuth.NONE;
		this.current = build(bundle, this::withServerNames);
	}

	/**
	 * Use another bundle for handshakes that begin from now on, unless the client asks
	 * for a name that has its own.
	 * @param bundle the new bundle
	 * @throws RuntimeException if the bundle cannot be used; the previous one stays
	 */
	public void update(SslBundle bundle) {
		this.current = build(bundle, this::withServerNames);
	}

	/**
	 * Use a bundle, or another one, for handshakes that begin from now on in which the
	 * client asks for a name.
	 * @param serverName the whole name in lower case, as for the TCP server; there are no
	 * wildcards
	 * @param bundle the bundle
	 * @throws RuntimeException if the bundle cannot be used; the previous one stays
	 */
	public void update(String serverName, SslBundle bundle) {
		if (!ServerNameSelection.AVAILABLE) {
			throw new IllegalStateException("this version of Netty's QUIC codec has one certificate for all names");
		}
		this.serverNames.put(serverName, build(bundle, UnaryOperator.identity()));
	}

	@Override
	public QuicSslEngine newEngine(ByteBufAllocator allocator) {
		return this.current.newEngine(allocator);
	}

	@Override
	public QuicSslEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
		return this.current.newEngine(allocator, peerHost, peerPort);
	}

	@Override
	public QuicSslSessionContext sessionContext() {
		return this.current.sessionContext();
	}

	@Override
	public boolean isClient() {
		return this.current.isClient();
	}

	@Override
	public List<String> cipherSuites() {
		return this.current.cipherSuites();
	}

	@Override
	@SuppressWarnings("deprecation")
	public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
		return this.current.applicationProtocolNegotiator();
	}

	private QuicSslContextBuilder withServerNames(QuicSslContextBuilder builder) {
		return ServerNameSelection.AVAILABLE ? ServerNameSelection.set(builder, this::select) : builder;
	}

	private QuicSslContext select(@Nullable String serverName) {
		QuicSslContext named = (serverName != null) ? this.serverNames.get(serverName.toLowerCase(Locale.ROOT)) : null;
		return (named != null) ? named : this.current;
	}

	private QuicSslContext build(SslBundle bundle, UnaryOperator<QuicSslContextBuilder> extension) {
		checkTrustStore(bundle.getStores().getTrustStore());
		KeyManagerFactory keys = bundle.getManagers().getKeyManagerFactory();
		QuicSslContextBuilder builder = QuicSslContextBuilder.forServer(keys, bundle.getKey().getPassword())
			.trustManager(bundle.getManagers().getTrustManagerFactory())
			.clientAuth(this.clientAuth)
			.earlyData(this.earlyData)
			.keylog(this.keyLog)
			.applicationProtocols(APPLICATION_PROTOCOL);
		QuicSslContext context = extension.apply(builder).build();
		ServerKeyCheck.check(keys, context.newEngine(UnpooledByteBufAllocator.DEFAULT));
		if (this.clientAuth != ClientAuth.NONE) {
			context.sessionContext().setTicketKeys(newTicketKey());
		}
		return context;
	}

	private void checkTrustStore(@Nullable KeyStore trustStore) {
		try {
			if (this.clientAuth == ClientAuth.REQUIRE && trustStore != null && trustStore.size() == 0) {
				throw new IllegalArgumentException(
						"clients need a certificate, but its trust store is empty, so that none would be trusted");
			}
		}
		catch (KeyStoreException ex) {
			throw new IllegalArgumentException("its trust store cannot be read: " + ex.getMessage(), ex);
		}
	}

	/**
	 * Make the key of the tickets with which a client comes back without its certificate.
	 * The context that a handshake begins with would also take those of other names,
	 * which may trust other clients.
	 */
	private static SslSessionTicketKey newTicketKey() {
		SecureRandom random = new SecureRandom();
		return new SslSessionTicketKey(randomBytes(random, SslSessionTicketKey.NAME_SIZE),
				randomBytes(random, SslSessionTicketKey.HMAC_KEY_SIZE),
				randomBytes(random, SslSessionTicketKey.AES_KEY_SIZE));
	}

	private static byte[] randomBytes(SecureRandom random, int size) {
		byte[] bytes = new byte[size];
		random.nextBytes(bytes);
		return bytes;
	}

}
