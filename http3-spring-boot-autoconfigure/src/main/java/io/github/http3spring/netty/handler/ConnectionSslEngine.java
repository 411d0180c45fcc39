package io.github.http3spring.netty.handler;

import java.nio.ByteBuffer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLSession;

import io.netty.incubator.codec.quic.QuicChannel;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of a connection, to be looked at only: that of Netty's QUIC codec, with a
 * session that has an id.
 */
final class ConnectionSslEngine extends SSLEngine {

	private final QuicChannel connection;

	private @Nullable SSLSession session;

	ConnectionSslEngine(QuicChannel connection) {
		this.connection = connection;
	}

	/**
	 * Return the engine of the codec, which it has once the first packet is processed.
	 */
	private SSLEngine engine() {
		SSLEngine engine = this.connection.sslEngine();
		if (engine == null) {
			throw new IllegalStateException("The connection has not begun or has ended");
		}
		return engine;
	}

	@Override
	public synchronized SSLSession getSession() {
		if (this.session == null) {
			this.session = new ConnectionSslSession(this.connection.id(), engine().getSession());
		}
		return this.session;
	}

	@Override
	public @Nullable SSLSession getHandshakeSession() {
		return engine().getHandshakeSession();
	}

	@Override
	public HandshakeStatus getHandshakeStatus() {
		return engine().getHandshakeStatus();
	}

	@Override
	public String getApplicationProtocol() {
		return engine().getApplicationProtocol();
	}

	@Override
	public @Nullable String getHandshakeApplicationProtocol() {
		return engine().getHandshakeApplicationProtocol();
	}

	@Override
	public String[] getSupportedCipherSuites() {
		return engine().getSupportedCipherSuites();
	}

	@Override
	public String[] getEnabledCipherSuites() {
		return engine().getEnabledCipherSuites();
	}

	@Override
	public String[] getSupportedProtocols() {
		return engine().getSupportedProtocols();
	}

	@Override
	public String[] getEnabledProtocols() {
		return engine().getEnabledProtocols();
	}

	@Override
	public boolean getUseClientMode() {
		return false;
	}

	@Override
	public boolean getNeedClientAuth() {
		return engine().getNeedClientAuth();
	}

	@Override
	public boolean getWantClientAuth() {
		return engine().getWantClientAuth();
	}

	@Override
	public boolean getEnableSessionCreation() {
		return engine().getEnableSessionCreation();
	}

	@Override
	public boolean isInboundDone() {
		return !this.connection.isOpen();
	}

	@Override
	public boolean isOutboundDone() {
		return !this.connection.isOpen();
	}

	@Override
	public @Nullable Runnable getDelegatedTask() {
		return null;
	}

	@Override
	public void beginHandshake() {
		throw new UnsupportedOperationException();
	}

	@Override
	public SSLEngineResult wrap(ByteBuffer[] srcs, int offset, int length, ByteBuffer dst) {
		throw new UnsupportedOperationException();
	}

	@Override
	public SSLEngineResult unwrap(ByteBuffer src, ByteBuffer[] dsts, int offset, int length) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void closeInbound() {
		throw new UnsupportedOperationException();
	}

	@Override
	public void closeOutbound() {
		throw new UnsupportedOperationException();
	}

	@Override
	public void setEnabledCipherSuites(String[] suites) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void setEnabledProtocols(String[] protocols) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void setUseClientMode(boolean mode) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void setNeedClientAuth(boolean need) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void setWantClientAuth(boolean want) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void setEnableSessionCreation(boolean flag) {
		throw new UnsupportedOperationException();
	}

}
