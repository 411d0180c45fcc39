package io.github.http3spring.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A complete response.
 *
 * @param status the status code
 * @param headers the header fields by lower-case name, without pseudo-header fields
 * @param trailers the trailer fields, empty if there were none
 * @param bodyLength the number of content bytes that arrived
 * @param body the first content bytes, as many as {@link WireOptions#bodyLimit()} allows
 * @param patternMatches whether every content byte i was i modulo 251, kept or not
 */
public record WireResponse(int status, Map<String, List<String>> headers, Map<String, List<String>> trailers,
		long bodyLength, byte[] body, boolean patternMatches) {

	/**
	 * Return the kept content as text.
	 * @return the content, decoded as UTF-8
	 */
	public String bodyAsString() {
		return new String(this.body, StandardCharsets.UTF_8);
	}

	/**
	 * Return the first value of a header field.
	 * @param name the lower-case name
	 * @return the value, or an empty string if there is no such field
	 */
	public String header(String name) {
		List<String> values = this.headers.getOrDefault(name, List.of());
		return values.isEmpty() ? "" : values.get(0);
	}

	@Override
	public String toString() {
		return "WireResponse[%d, %d bytes, %s]".formatted(this.status, this.bodyLength, this.headers);
	}

}
