package io.github.http3spring.netty.protocol;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.github.http3spring.fuzz.FuzzInput;
import io.netty.incubator.codec.http3.DefaultHttp3Headers;
import io.netty.incubator.codec.http3.Http3Headers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Header sections: one in which nothing is found to be wrong can be written down as a
 * request of HTTP/1.1 and read again as the same (RFC 9114 section 10.3). Also priorities
 * (RFC 9218), in which anything may be said.
 */
public final class RequestFieldsFuzz {

	private static final List<String> NAMES = List.of(":method", ":scheme", ":authority", ":path", "host", "cookie",
			"content-length", "te", "connection", "transfer-encoding", ":status", ":protocol", "x");

	private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+\\-.^_`|~0-9A-Za-z]+");

	private static final Pattern HOST = Pattern
		.compile("(\\[[-._~%!$&'()*+,;=:0-9A-Za-z]+]|[-._~%!$&'()*+,;=0-9A-Za-z]+)(:\\d{1,5})?");

	private RequestFieldsFuzz() {
	}

	/**
	 * Take fields: the number of a name, the length of a value, and the value.
	 */
	public static void run(byte[] bytes) {
		FuzzInput input = new FuzzInput(bytes);
		Http3Headers fields = new DefaultHttp3Headers(false);
		while (input.hasMore()) {
			String name = NAMES.get(input.below(NAMES.size()));
			String value = new String(input.nextBytes(), StandardCharsets.ISO_8859_1);
			fields.add(name, value);
			Priority priority = Priority.parse(value);
			assertThat(priority.urgencyOrDefault()).isBetween(0, 7);
		}
		assertThat(RequestFields.size(fields)).isNotNegative();
		if (RequestFields.findError(fields) != null) {
			return;
		}
		for (Map.Entry<CharSequence, CharSequence> field : fields) {
			assertThat(field.getKey().toString()).isNotIn("connection", "transfer-encoding", ":status", ":protocol");
			assertThat(field.getValue().toString()).doesNotMatch("(?s).*[ \t]");
		}
		RequestFields.removeRepeatedHost(fields);
		if (fields.method() != null) {
			checkRequest(fields);
		}
	}

	private static void checkRequest(Http3Headers fields) {
		String method = fields.method().toString();
		assertThat(method).matches(TOKEN);
		CharSequence authority = (fields.authority() != null) ? fields.authority() : fields.get("host");
		assertThat(authority).matches(HOST);
		String host = authority.toString();
		int authorities = (fields.authority() != null) ? 1 : 0;
		assertThat(fields.getAll("host").size() + authorities).isOne();
		int colon = host.lastIndexOf(':');
		if (colon > host.lastIndexOf(']')) {
			assertThat(Integer.parseInt(host.substring(colon + 1))).isBetween(0, 65535);
		}
		if (method.equals("CONNECT")) {
			assertThat(colon).isGreaterThan(host.lastIndexOf(']'));
			return;
		}
		assertThat(fields.scheme().toString()).matches("[A-Za-z][-+.0-9A-Za-z]*");
		String path = fields.path().toString();
		String line = method + " " + path + " HTTP/1.1";
		assertThat(line.split("[\\x00-\\x20\\x7f]")).containsExactly(method, path, "HTTP/1.1");
		assertThat(path).doesNotContain("#");
		assertThat(path.startsWith("/") || (path.equals("*") && method.equals("OPTIONS"))).isTrue();
	}

}
