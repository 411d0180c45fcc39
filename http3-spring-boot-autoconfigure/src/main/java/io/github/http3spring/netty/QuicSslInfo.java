package io.github.http3spring.netty;

import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.UUID;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

import io.netty.channel.ChannelId;
import org.jspecify.annotations.Nullable;

import org.springframework.http.server.reactive.SslInfo;

/**
 * What Spring tells a handler about the TLS of the connection that a request came on.
 */
final class QuicSslInfo implements SslInfo {

	private final ChannelId connection;

	private final SSLSession session;

	QuicSslInfo(ChannelId connection, SSLSession session) {
		this.connection = connection;
		this.session = session;
	}

	/**
	 * Return an id of the connection. TLS 1.3 has none for sessions (RFC 8446 section
	 * 4.1.2), and that on TCP is made up by the JDK.
	 */
	@Override
	public String getSessionId() {
		byte[] id = this.connection.asLongText().getBytes(StandardCharsets.US_ASCII);
		return UUID.nameUUIDFromBytes(id).toString().replace("-", "");
	}

	@Override
	public X509Certificate @Nullable [] getPeerCertificates() {
		try {
			Certificate[] certificates = this.session.getPeerCertificates();
			return Arrays.copyOf(certificates, certificates.length, X509Certificate[].class);
		}
		catch (SSLPeerUnverifiedException ex) {
			return null;
		}
	}

}
