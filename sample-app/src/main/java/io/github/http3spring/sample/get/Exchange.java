package io.github.http3spring.sample.get;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;

import io.github.http3spring.wire.WireEvent;
import io.github.http3spring.wire.WireResponse;

/**
 * A request and its response, and how they went.
 *
 * @param server the address that was asked
 * @param resumed whether the connection has resumed an earlier one
 * @param events what happened on the connection
 * @param response the response
 */
record Exchange(InetSocketAddress server, boolean resumed, List<WireEvent> events, WireResponse response) {

	/**
	 * Content that is shown at most, in bytes.
	 */
	static final int SHOWN = 64 << 10;

	private static final Pattern TEXT = Pattern.compile("text/.*|.*[/+](json|xml|javascript|yaml)|.*ndjson");

	/**
	 * Describe the response: status, fields, content.
	 */
	String describe() {
		StringBuilder text = new StringBuilder("HTTP/3 %d%n".formatted(this.response.status()));
		this.response.headers()
			.forEach((name, values) -> values.forEach((value) -> text.append("%s: %s%n".formatted(name, value))));
		text.append(content());
		this.response.trailers()
			.forEach((name, values) -> values.forEach((value) -> text.append("%s: %s%n".formatted(name, value))));
		return text.toString();
	}

	private String content() {
		if (this.response.bodyLength() == 0) {
			return "";
		}
		String type = this.response.header("content-type").split(";")[0].trim().toLowerCase(Locale.ROOT);
		boolean shown = this.response.bodyLength() <= SHOWN && (type.isEmpty() || TEXT.matcher(type).matches())
				&& isText(this.response.body());
		return shown ? "%n%s%n".formatted(this.response.bodyAsString())
				: "%n(%d bytes%s)%n".formatted(this.response.bodyLength(), type.isEmpty() ? "" : " of " + type);
	}

	/**
	 * Return whether bytes can go to a terminal.
	 */
	private static boolean isText(byte[] bytes) {
		try {
			return StandardCharsets.UTF_8.newDecoder()
				.decode(ByteBuffer.wrap(bytes))
				.chars()
				.noneMatch((character) -> Character.isISOControl(character) && !Character.isWhitespace(character));
		}
		catch (CharacterCodingException ex) {
			return false;
		}
	}

	/**
	 * Describe the connection and its times.
	 */
	String describeConnection() {
		return "%s:%d, QUIC version 1, %s, %s%n%s; %d bytes".formatted(this.server.getAddress().getHostAddress(),
				this.server.getPort(),
				this.resumed ? "resumed (no certificate was sent)" : "full handshake (nothing to resume)",
				isEarly() ? "request sent as early data (0-RTT)" : "no early data (0-RTT)", times(),
				this.response.bodyLength());
	}

	private boolean isEarly() {
		return at(WireEvent.Type.EARLY_DATA_READY).isPresent();
	}

	private String times() {
		return "handshake done after %s, first byte after %s, complete after %s".formatted(
				millis(at(WireEvent.Type.HANDSHAKE_DONE)), millis(at(WireEvent.Type.HEADERS)),
				millis(at(WireEvent.Type.FIN)));
	}

	private OptionalLong at(WireEvent.Type type) {
		return this.events.stream().filter((event) -> event.type() == type).mapToLong(WireEvent::nanos).findFirst();
	}

	private static String millis(OptionalLong nanos) {
		return nanos.isPresent() ? String.format(Locale.ROOT, "%.1f ms", nanos.getAsLong() / 1e6) : "?";
	}

}
