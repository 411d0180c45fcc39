package io.github.http3spring.autoconfigure;

import io.github.http3spring.server.UdpPortInUseException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;

/**
 * Says that a port is in use for UDP. Comes before Spring Boot's analyzer, which does not
 * tell it from a TCP port.
 */
@Order(0)
class UdpPortInUseFailureAnalyzer extends AbstractFailureAnalyzer<UdpPortInUseException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UdpPortInUseException cause) {
		return new FailureAnalysis(
				"The HTTP/3 server failed to start. UDP port " + cause.getPort() + " was already in use.",
				"Stop what listens on UDP port " + cause.getPort() + ", or set 'http3.server.port' to another port; 0 "
						+ "takes a free one. By default it is the TCP server's.",
				cause);
	}

}
