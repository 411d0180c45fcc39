package io.github.http3spring.netty.connection;

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.http3spring.server.ShutdownVerdict;
import org.slf4j.MDC;

import org.springframework.util.ClassUtils;

/**
 * Gives a log line fields for structured logging. They go through the MDC of SLF4J, which
 * is there with every logging system of Spring Boot but {@code java.util.logging}: what
 * is logged without it is the same line without fields.
 */
public final class LogFields {

	private static final boolean AVAILABLE = ClassUtils.isPresent("org.slf4j.MDC", LogFields.class.getClassLoader());

	private LogFields() {
	}

	/**
	 * Return the figures of a verdict.
	 */
	public static Map<String, Object> of(ShutdownVerdict verdict) {
		Map<String, Object> fields = new LinkedHashMap<>();
		fields.put("http3.shutdown.lossless", verdict.isLossless());
		fields.put("http3.shutdown.duration_ms", verdict.duration().toMillis());
		fields.put("http3.shutdown.connections.completed", verdict.connectionsCompleted());
		fields.put("http3.shutdown.connections.at_deadline", verdict.connectionsAtDeadline());
		fields.put("http3.shutdown.connections.closed_by_peer", verdict.connectionsClosedByPeer());
		fields.put("http3.shutdown.connections.timed_out", verdict.connectionsTimedOut());
		fields.put("http3.shutdown.connections.vanished", verdict.connectionsVanished());
		fields.put("http3.shutdown.connections.refused", verdict.connectionsRefused());
		fields.put("http3.shutdown.requests.completed", verdict.requestsCompleted());
		fields.put("http3.shutdown.requests.rejected", verdict.requestsRejected());
		fields.put("http3.shutdown.requests.cancelled", verdict.requestsCancelled());
		fields.put("http3.shutdown.requests.lost", verdict.requestsLost());
		return fields;
	}

	/**
	 * Log a line that has fields.
	 * @param fields the fields by their names
	 * @param line logs one line
	 */
	public static void with(Map<String, ?> fields, Runnable line) {
		if (!AVAILABLE) {
			line.run();
			return;
		}
		fields.forEach((name, value) -> MDC.put(name, String.valueOf(value)));
		try {
			line.run();
		}
		finally {
			fields.keySet().forEach(MDC::remove);
		}
	}

}
