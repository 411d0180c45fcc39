package io.github.http3spring.netty.handler;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.withSettings;

/**
 * Tests for {@link EarlyDataHandler}.
 */
class EarlyDataHandlerTests {

	private final HttpHeaders headers = new DefaultHttpHeaders();

	private final Channel stream = mock();

	private final Channel connection = mock();

	private final HttpServerRequest request = mock(HttpServerRequest.class,
			withSettings().extraInterfaces(Connection.class));

	private final HttpServerResponse response = mock();

	private final Publisher<Void> handled = Mono.empty();

	private int handledRequests;

	private final EarlyDataHandler handler = new EarlyDataHandler((request, response) -> {
		this.handledRequests++;
		return this.handled;
	});

	@BeforeEach
	void connect() {
		given(((Connection) this.request).channel()).willReturn(this.stream);
		given(this.stream.parent()).willReturn(this.connection);
		given(this.request.requestHeaders()).willReturn(this.headers);
		given(this.response.status(anyInt())).willReturn(this.response);
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET", "HEAD", "OPTIONS", "TRACE" })
	void safeRequestInEarlyDataIsMarkedAndHandled(String method) {
		given(this.request.method()).willReturn(HttpMethod.valueOf(method));
		assertThat(this.handler.apply(this.request, this.response)).isSameAs(this.handled);
		assertThat(this.headers.get("early-data")).isEqualTo("1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "POST", "PUT", "PATCH", "DELETE", "CONNECT", "get", "OTHER" })
	void anyOtherRequestInEarlyDataIsTooEarly(String method) {
		given(this.request.method()).willReturn(HttpMethod.valueOf(method));
		this.handler.apply(this.request, this.response);
		verify(this.response).status(425);
		assertThat(this.handledRequests).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET", "POST" })
	void requestAfterTheHandshakeIsHandledAsItIs(String method) {
		given(this.connection.isActive()).willReturn(true);
		given(this.request.method()).willReturn(HttpMethod.valueOf(method));
		assertThat(this.handler.apply(this.request, this.response)).isSameAs(this.handled);
		assertThat(this.headers).isEmpty();
		verify(this.response, never()).status(anyInt());
	}

	@Test
	void markThatAClientSetsItselfStays() {
		given(this.connection.isActive()).willReturn(true);
		given(this.request.method()).willReturn(HttpMethod.GET);
		this.headers.set("early-data", "1");
		this.handler.apply(this.request, this.response);
		assertThat(this.headers.get("early-data")).isEqualTo("1");
		assertThat(this.handledRequests).isOne();
	}

}
