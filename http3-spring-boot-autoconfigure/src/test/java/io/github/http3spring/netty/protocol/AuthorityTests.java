package io.github.http3spring.netty.protocol;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Authority}.
 */
class AuthorityTests {

	@ParameterizedTest
	@ValueSource(strings = { "example.org", "EXAMPLE.org", "localhost", "a", "127.0.0.1", "xn--bcher-kva.example",
			"a_b~c.example", "%C3%BC.example", "a!$&'()*+,;=b", "[::1]", "[2001:db8::1]", "[v1.a:b]" })
	void hostIsValidWithAndWithoutAPort(String host) {
		assertThat(Authority.isValid(host)).isTrue();
		assertThat(Authority.hasPort(host)).isFalse();
		assertThat(Authority.isValid(host + ":8443")).isTrue();
		assertThat(Authority.hasPort(host + ":8443")).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ":443", "user@example.org", "user:secret@example.org", "a b", "a/b", "a?b", "a#b",
			"a\\b", "a\tb", "a\u0000b", "b\u00fccher.example", "\"a\"", "<a>", "{a}", "a|b", "a^b", "a`b", "[", "[]",
			"[]:443", "[::1", "::1", "[::1]a", "[::1]]", "[[::1]]", "[fe80::1/64]", "a[b]", "a,b@c" })
	void whatHasMoreOrLessThanAHostIsInvalid(String authority) {
		assertThat(Authority.isValid(authority)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "1", "80", "00080", "65535" })
	void portHasUpToFiveDigits(String port) {
		assertThat(Authority.isValid("example.org:" + port)).isTrue();
		assertThat(Authority.isValid("[::1]:" + port)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "65536", "99999", "000080", "100000", "-1", "+1", "8 0", "80a", "80:", "80:80", " 80",
			"\u0661", "4294967376" })
	void otherPortsAreInvalid(String port) {
		assertThat(Authority.isValid("example.org:" + port)).isFalse();
		assertThat(Authority.isValid("[::1]:" + port)).isFalse();
	}

	@Test
	void colonWithoutAnIpLiteralEndsTheHost() {
		assertThat(Authority.isValid("2001:db8::1")).isFalse();
		assertThat(Authority.hasPort("2001:db8")).isTrue();
	}

}
