package io.github.http3spring.benchmarks.client;

import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicLong;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts every server, and counts how many certificates it was shown: a resumed session
 * shows none.
 */
final class TrustAll extends X509ExtendedTrustManager {

	private final AtomicLong shown = new AtomicLong();

	/**
	 * Return how many certificates it was shown.
	 */
	long shown() {
		return this.shown.get();
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
		this.shown.incrementAndGet();
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
		this.shown.incrementAndGet();
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType) {
		this.shown.incrementAndGet();
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType) {
		throw new UnsupportedOperationException();
	}

	@Override
	public X509Certificate[] getAcceptedIssuers() {
		return new X509Certificate[0];
	}

}
