package io.github.http3spring.netty.connection;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

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

	private static final Pattern UPPER_CASE = Pattern.compile("\\p{Lu}");

	private LogFields() {
	}

	/**
	 * Return the figures of a verdict.
	 */
	public static Map<String, Object> of(ShutdownVerdict verdict) {
		Map<String, Object> fields = new LinkedHashMap<>();
		fields.put("http3.shutdown.lossless", verdict.isLossless());
		fields.put("http3.shutdown.duration_ms", verdict.duration().toMillis());
		verdict.connections().byName().forEach((name, count) -> fields.put(name("connections", name), count));
		verdict.requests().byName().forEach((name, count) -> fields.put(name("requests", name), count));
		return fields;
	}

	/**
	 * Return the name of a count as fields of a log have it, in snake case.
	 */
	private static String name(String group, String count) {
		return "http3.shutdown." + group + "." + UPPER_CASE.matcher(count).replaceAll("_$0").toLowerCase(Locale.ROOT);
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
