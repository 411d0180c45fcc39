package io.github.http3spring.autoconfigure;

import io.github.http3spring.server.UnusableTlsException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says what is wrong with a key, certificate or trust store that HTTP/3 cannot use.
 */
class UnusableTlsFailureAnalyzer extends AbstractFailureAnalyzer<UnusableTlsException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnusableTlsException cause) {
		return new FailureAnalysis(cause.getMessage() + ".",
				"Correct the key, the certificate or the trust store. To use others for HTTP/3 alone, set "
						+ "'http3.server.ssl.bundle'; to start without HTTP/3, set 'http3.server.enabled' to false.",
				cause);
	}

}
