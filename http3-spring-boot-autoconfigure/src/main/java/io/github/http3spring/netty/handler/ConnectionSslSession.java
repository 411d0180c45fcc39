package io.github.http3spring.netty.handler;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.security.cert.Certificate;
import java.util.UUID;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;

import io.netty.channel.ChannelId;
import org.jspecify.annotations.Nullable;

/**
 * The TLS session of a connection, with an id. TLS 1.3 has none for sessions (RFC 8446
 * section 4.1.2), and that on TCP is made up by the JDK.
 */
final class ConnectionSslSession implements SSLSession {

	private final ChannelId connection;

	private final SSLSession session;

	ConnectionSslSession(ChannelId connection, SSLSession session) {
		this.connection = connection;
		this.session = session;
	}

	@Override
	public byte[] getId() {
		UUID id = UUID.nameUUIDFromBytes(this.connection.asLongText().getBytes(StandardCharsets.US_ASCII));
		return ByteBuffer.allocate(2 * Long.BYTES)
			.putLong(id.getMostSignificantBits())
			.putLong(id.getLeastSignificantBits())
			.array();
	}

	@Override
	public Certificate[] getPeerCertificates() throws SSLPeerUnverifiedException {
		return this.session.getPeerCertificates();
	}

	@Override
	public Certificate @Nullable [] getLocalCertificates() {
		return this.session.getLocalCertificates();
	}

	@Override
	public Principal getPeerPrincipal() throws SSLPeerUnverifiedException {
		return this.session.getPeerPrincipal();
	}

	@Override
	public @Nullable Principal getLocalPrincipal() {
		return this.session.getLocalPrincipal();
	}

	@Override
	public String getCipherSuite() {
		return this.session.getCipherSuite();
	}

	@Override
	public String getProtocol() {
		return this.session.getProtocol();
	}

	@Override
	public @Nullable String getPeerHost() {
		return this.session.getPeerHost();
	}

	@Override
	public int getPeerPort() {
		return this.session.getPeerPort();
	}

	@Override
	public SSLSessionContext getSessionContext() {
		return this.session.getSessionContext();
	}

	@Override
	public long getCreationTime() {
		return this.session.getCreationTime();
	}

	@Override
	public long getLastAccessedTime() {
		return this.session.getLastAccessedTime();
	}

	@Override
	public boolean isValid() {
		return this.session.isValid();
	}

	@Override
	public void invalidate() {
		this.session.invalidate();
	}

	@Override
	public int getPacketBufferSize() {
		return this.session.getPacketBufferSize();
	}

	@Override
	public int getApplicationBufferSize() {
		return this.session.getApplicationBufferSize();
	}

	@Override
	public void putValue(String name, Object value) {
		this.session.putValue(name, value);
	}

	@Override
	public Object getValue(String name) {
		return this.session.getValue(name);
	}

	@Override
	public void removeValue(String name) {
		this.session.removeValue(name);
	}

	@Override
	public String[] getValueNames() {
		return this.session.getValueNames();
	}

}
