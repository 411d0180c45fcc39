package io.github.http3spring.sample.get;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link GetOptions}.
 */
class GetOptionsTests {

	@ParameterizedTest
	@CsvSource({ "https://localhost:8443/hello, localhost, 8443, /hello", "https://example.org, example.org, 443, /",
			"localhost:8443/a?b=c, localhost, 8443, /a?b=c", "https://[::1]:8443?q, [::1], 8443, /?q",
			"https://localhost/é#part, localhost, 443, /%C3%A9", "HTTPS://localhost/%20, localhost, 443, /%20" })
	void urlTellsHostPortAndPath(String url, String host, int port, String path) {
		GetOptions options = parse(url);
		assertThat(options.host()).isEqualTo(host);
		assertThat(options.port()).isEqualTo(port);
		assertThat(options.path()).isEqualTo(path);
	}

	@Test
	void optionsStandBeforeOrBehindTheUrl() {
		GetOptions options = parse("--resume", "--cacert", "ca.pem", "localhost", "--timeout", "0.5", "-k");
		assertThat(options.resume()).isTrue();
		assertThat(options.insecure()).isTrue();
		assertThat(options.authority()).isEqualTo(Path.of("ca.pem"));
		assertThat(options.timeout()).isEqualTo(Duration.ofMillis(500));
		assertThat(parse("localhost"))
			.isEqualTo(new GetOptions(options.uri(), false, null, false, Duration.ofSeconds(4)));
	}

	@ParameterizedTest
	@CsvSource({ "http://localhost/, HTTP/3 is for 'https' alone", "--fast, There is no option '--fast'",
			"--cacert, needs a value", "localhost other, One URL at a time",
			"--timeout 0 localhost, no number of seconds", "--timeout x localhost, no number of seconds",
			"https:///path, names no host", "https://a b, is too many", "https://localhost/%zz, is no URL",
			"--insecure, What URL?" })
	void whatMakesNoSenseIsSaid(String line, String message) {
		assertThatExceptionOfType(UsageException.class).isThrownBy(() -> parse(line.split(" ")))
			.withMessageContaining(message);
	}

	private static GetOptions parse(String... arguments) {
		return GetOptions.parse(List.of(arguments));
	}

}
