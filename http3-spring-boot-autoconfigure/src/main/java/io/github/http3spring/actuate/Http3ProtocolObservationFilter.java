package io.github.http3spring.actuate;

import io.github.http3spring.server.NativeRequest;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationFilter;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;

/**
 * Adds the version of HTTP to the observations of WebFlux, with any convention that they
 * follow: {@value #KEY} with one of {@code 1.0}, {@code 1.1}, {@code 2}, {@code 3} and
 * {@code unknown}. A value that the convention has set stays.
 */
public class Http3ProtocolObservationFilter implements ObservationFilter {

	/**
	 * Name of the key, as in the semantic conventions of OpenTelemetry.
	 */
	public static final String KEY = "network.protocol.version";

	private static final String UNKNOWN = "unknown";

	@Override
	public Observation.Context map(Observation.Context context) {
		if (context instanceof ServerRequestObservationContext request
				&& context.getLowCardinalityKeyValue(KEY) == null) {
			context.addLowCardinalityKeyValue(KeyValue.of(KEY, version(request.getCarrier())));
		}
		return context;
	}

	private static String version(ServerHttpRequest request) {
		HttpServerRequest nativeRequest = NativeRequest.find(request, HttpServerRequest.class);
		return (nativeRequest != null) ? version(nativeRequest.protocol()) : UNKNOWN;
	}

	private static String version(String protocol) {
		return switch (protocol) {
			case "HTTP/1.0" -> "1.0";
			case "HTTP/1.1" -> "1.1";
			case "HTTP/2.0" -> "2";
			case "HTTP/3.0" -> "3";
			default -> UNKNOWN;
		};
	}

}
