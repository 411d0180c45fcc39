package io.github.http3spring.actuate;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.core.env.PropertySource;
import org.springframework.mock.env.MockPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SecretProperties}.
 */
class SecretPropertiesTests {

	private final PropertySource<?> source = new MockPropertySource();

	@ParameterizedTest
	@ValueSource(strings = { "http3.server.quic.stateless-reset-key", "http3.server.quic.statelessResetKey",
			"HTTP3_SERVER_QUIC_STATELESSRESETKEY", "http3.server.quic.server-id-key", "HTTP3_SERVER_QUIC_SERVERIDKEY" })
	void keysAreHiddenHoweverTheyAreWritten(String name) {
		assertThat(apply(name)).isEqualTo(SanitizableData.SANITIZED_VALUE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "http3.server.quic.server-id", "server.ssl.key-alias", "my.stateless-reset-key" })
	void whatIsNoKeyOfHttp3IsShown(String name) {
		assertThat(apply(name)).isEqualTo("value");
	}

	private Object apply(String name) {
		return new SecretProperties().apply(new SanitizableData(this.source, name, "value")).getValue();
	}

}
