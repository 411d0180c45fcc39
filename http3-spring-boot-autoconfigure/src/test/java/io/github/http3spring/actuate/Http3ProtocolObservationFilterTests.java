package io.github.http3spring.actuate;

import java.util.HashMap;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link Http3ProtocolObservationFilter}.
 */
class Http3ProtocolObservationFilterTests {

	private final Http3ProtocolObservationFilter filter = new Http3ProtocolObservationFilter();

	@ParameterizedTest
	@CsvSource({ "HTTP/1.0,1.0", "HTTP/1.1,1.1", "HTTP/2.0,2", "HTTP/3.0,3", "HTTP/4.0,unknown", "x,unknown" })
	void valuesAreBounded(String protocol, String version) {
		assertThat(version(request(protocol))).isEqualTo(version);
	}

	@Test
	void decoratedRequestIsSeenThrough() {
		assertThat(version(new ServerHttpRequestDecorator(request("HTTP/3.0")))).isEqualTo("3");
	}

	@Test
	void protocolOfAnotherServerIsUnknown() {
		assertThat(version(MockServerHttpRequest.get("/").build())).isEqualTo("unknown");
	}

	@Test
	void valueOfTheConventionStays() {
		ServerRequestObservationContext context = context(request("HTTP/3.0"));
		context.addLowCardinalityKeyValue(KeyValue.of("network.protocol.version", "own"));
		this.filter.map(context);
		assertThat(context.getLowCardinalityKeyValue("network.protocol.version").getValue()).isEqualTo("own");
	}

	@Test
	void otherObservationsAreLeftAlone() {
		Observation.Context context = new Observation.Context().addLowCardinalityKeyValue(KeyValue.of("own", "value"));
		assertThat(this.filter.map(context)).isSameAs(context);
		assertThat(context.getAllKeyValues()).containsExactly(KeyValue.of("own", "value"));
	}

	private String version(ServerHttpRequest request) {
		return this.filter.map(context(request)).getLowCardinalityKeyValue("network.protocol.version").getValue();
	}

	private static ServerRequestObservationContext context(ServerHttpRequest request) {
		return new ServerRequestObservationContext(request, new MockServerHttpResponse(), new HashMap<>());
	}

	private static ServerHttpRequest request(String protocol) {
		HttpServerRequest nativeRequest = mock(HttpServerRequest.class);
		given(nativeRequest.protocol()).willReturn(protocol);
		AbstractServerHttpRequest request = mock(AbstractServerHttpRequest.class);
		given(request.getNativeRequest()).willReturn(nativeRequest);
		return request;
	}

}
