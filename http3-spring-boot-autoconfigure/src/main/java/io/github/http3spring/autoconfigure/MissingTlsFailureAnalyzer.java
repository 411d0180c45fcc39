package io.github.http3spring.autoconfigure;

import io.github.http3spring.server.MissingTlsException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says how to configure the TLS that HTTP/3 cannot do without.
 */
class MissingTlsFailureAnalyzer extends AbstractFailureAnalyzer<MissingTlsException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, MissingTlsException cause) {
		return new FailureAnalysis(
				"'http3.server.enabled' is true, but no TLS is configured, and HTTP/3 always " + "runs over TLS 1.3.",
				"Set 'server.ssl.bundle' (or other properties of 'server.ssl') for both servers, or "
						+ "'http3.server.ssl.bundle' for HTTP/3 alone. Where you develop, "
						+ "'http3.server.ssl.development-certificate=true' makes a certificate. To start without HTTP/3, remove "
						+ "'http3.server.enabled' or set it to false.",
				cause);
	}

}
