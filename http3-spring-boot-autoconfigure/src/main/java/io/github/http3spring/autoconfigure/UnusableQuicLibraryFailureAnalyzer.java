package io.github.http3spring.autoconfigure;

import io.github.http3spring.server.UnusableQuicLibraryException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says what this platform needs for Netty's native QUIC library.
 */
class UnusableQuicLibraryFailureAnalyzer extends AbstractFailureAnalyzer<UnusableQuicLibraryException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnusableQuicLibraryException cause) {
		return new FailureAnalysis(cause.getMessage() + ".",
				cause.getRemedy() + " To start without HTTP/3, set 'http3.server.enabled' to false.", cause);
	}

}
