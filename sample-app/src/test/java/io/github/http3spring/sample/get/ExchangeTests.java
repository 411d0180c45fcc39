package io.github.http3spring.sample.get;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import io.github.http3spring.wire.WireEvent;
import io.github.http3spring.wire.WireResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Exchange}.
 */
class ExchangeTests {

	@ParameterizedTest
	@CsvSource({ "text/plain;charset=UTF-8, true", "application/json, true", "application/problem+json, true",
			"image/svg+xml, true", "application/octet-stream, false", "image/png, false" })
	void contentIsShownIfItsTypeIsThatOfText(String type, boolean shown) {
		assertThat(describe(type, "some text".getBytes(StandardCharsets.UTF_8))).startsWith("HTTP/3 200")
			.contains("content-type: " + type)
			.contains(shown ? "some text" : "(9 bytes of " + type + ")");
	}

	@Test
	void contentThatWouldHarmTheTerminalIsNotShown() {
		assertThat(describe("text/plain", new byte[] { 'a', 0x1b, '[', '2', 'J' })).contains("(5 bytes of text/plain)")
			.doesNotContain("\u001b");
		assertThat(describe("text/plain", new byte[] { (byte) 0xff })).contains("(1 bytes of text/plain)");
	}

	@Test
	void longContentIsCounted() {
		assertThat(describe("text/plain", new byte[Exchange.SHOWN + 1])).contains("(65537 bytes of text/plain)");
	}

	@Test
	void timesAreThoseOfTheEvents() {
		Exchange exchange = new Exchange(new InetSocketAddress(InetAddress.getLoopbackAddress(), 8443), true,
				List.of(event(WireEvent.Type.EARLY_DATA_READY, 1), event(WireEvent.Type.HANDSHAKE_DONE, 2),
						event(WireEvent.Type.HEADERS, 3), event(WireEvent.Type.FIN, 4)),
				response("text/plain", new byte[0]));
		assertThat(exchange.describeConnection())
			.contains("127.0.0.1:8443", "resumed", "(0-RTT)",
					"handshake done after 2.0 ms, first byte after 3.0 ms, complete after 4.0 ms; 0 bytes")
			.doesNotContain("no early data");
	}

	private static WireEvent event(WireEvent.Type type, int millis) {
		return new WireEvent(type, millis * 1_000_000L, 0, -1, null, "");
	}

	private static String describe(String type, byte[] body) {
		return new Exchange(new InetSocketAddress(InetAddress.getLoopbackAddress(), 8443), false, List.of(),
				response(type, body))
			.describe();
	}

	private static WireResponse response(String type, byte[] body) {
		return new WireResponse(200, Map.of("content-type", List.of(type)), Map.of(), body.length, body, false);
	}

}
