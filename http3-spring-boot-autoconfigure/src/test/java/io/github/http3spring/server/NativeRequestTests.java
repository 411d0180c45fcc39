package io.github.http3spring.server;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link NativeRequest}.
 */
class NativeRequestTests {

	@Test
	void nativeRequestIsFoundBelowDecoratorsByItsType() {
		AbstractServerHttpRequest request = mock(AbstractServerHttpRequest.class);
		given(request.getNativeRequest()).willReturn("native");
		ServerHttpRequest decorated = new ServerHttpRequestDecorator(new ServerHttpRequestDecorator(request));
		assertThat(NativeRequest.find(decorated, String.class)).isEqualTo("native");
		assertThat(NativeRequest.find(decorated, Integer.class)).isNull();
	}

	@ParameterizedTest
	@ValueSource(classes = { IllegalStateException.class, IllegalArgumentException.class,
			UnsupportedOperationException.class })
	void requestThatRefusesHasNone(Class<? extends RuntimeException> refusal) {
		AbstractServerHttpRequest request = mock(AbstractServerHttpRequest.class);
		given(request.getNativeRequest()).willReturn("native").willThrow(refusal);
		assertThat(NativeRequest.find(request, Object.class)).isEqualTo("native");
		assertThat(NativeRequest.find(request, Object.class)).isNull();
	}

	@Test
	void mockAndWhatIsNoneOfSpringsOwnHaveNone() {
		ServerHttpRequest mock = MockServerHttpRequest.get("/path").build();
		assertThat(mock.getPath().value()).isEqualTo("/path");
		assertThat(NativeRequest.find(mock, Object.class)).isNull();
		assertThat(NativeRequest.find(mock.mutate().build(), Object.class)).isNull();
		assertThat(NativeRequest.find(mock(ServerHttpRequest.class), Object.class)).isNull();
	}

}
