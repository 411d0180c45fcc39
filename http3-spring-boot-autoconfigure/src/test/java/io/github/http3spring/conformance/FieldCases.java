package io.github.http3spring.conformance;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Header sections and trailer sections of requests.
 */
final class FieldCases extends ConformanceCases {

	FieldCases() {
		super("RFC 9114");
		names();
		values();
		connectionFields();
		pseudoHeaderFields();
		targets();
		authorities();
		lengths();
		connect();
		cookies();
		trailerSections();
	}

	private void names() {
		for (String name : new String[] { "X-Upper", "x-uppeR", "Host", "Content-Length" }) {
			request("4.2", "field name " + quoted(name), malformed(), get("/hello", name, "1"));
		}
		Map<String, String> names = new LinkedHashMap<>();
		names.put("", "nothing");
		names.put("x y", "a space");
		names.put("x\ty", "a tab");
		names.put("x:y", "a colon");
		names.put("x\r\ny", "CR and LF");
		names.put("x\ny", "LF");
		names.put("x\0y", "NUL");
		names.put("x\u007fy", "DEL");
		names.put("x\u00e9", "a byte above 0x7f");
		for (char character : "\"(),/;<=>?@[\\]{}".toCharArray()) {
			names.put("x" + character + "y", "`" + character + "`");
		}
		names
			.forEach((name, what) -> request("10.3", "field name with " + what, malformed(), get("/hello", name, "1")));
		request("4.2", "field names with all other characters", answers("200", "1"),
				get("/field?!#$%25&'*+-.^_%60|~09az".replace("#", "%23").replace("^", "%5E").replace("|", "%7C"),
						"!#$%&'*+-.^_`|~09az", "1"));
	}

	private void values() {
		Map<String, String> values = new LinkedHashMap<>();
		values.put("a\0b", "NUL");
		values.put("a\rb", "CR");
		values.put("a\nb", "LF");
		values.put("a\r\nb: c", "CR and LF");
		values.put("a\r\n b", "a folded line");
		values.put("\r", "CR alone");
		values.put("a\n", "LF at its end");
		values.put("\0", "NUL alone");
		values.put(" a", "a space at its beginning");
		values.put("\ta", "a tab at its beginning");
		values.put("a ", "a space at its end");
		values.put("a\t", "a tab at its end");
		values.put(" ", "a space alone");
		values.put("a\u0001b", "a control character");
		values.put("a\u001fb", "another control character");
		values.put("a\u007fb", "DEL");
		values.forEach(
				(value, what) -> request("10.3", "field value with " + what, malformed(), get("/hello", "x", value)));
		request("10.3", "CR and LF in a value of a known field", malformed(), get("/hello", "user-agent", "a\r\nb"));
		request("10.3", "CR and LF in :path", malformed(), get("/a\r\nb: c"));
		request("10.3", "CR and LF in :method", malformed(), headers("G\r\nET", "/hello"));
		request("10.3", "CR and LF in :authority", malformed(),
				section(":method", "GET", ":scheme", "https", ":authority", "a\r\nb", ":path", "/"));
		request("10.3", "CR and LF in :scheme", malformed(),
				section(":method", "GET", ":scheme", "ht\r\ntps", ":authority", "a", ":path", "/"));
		request("4.2", "an empty value", answers("200", ""), get("/field?x", "x", ""));
		request("4.2", "a value with spaces and tabs within", answers("200", "a \t b"), get("/field?x", "x", "a \t b"));
		request("4.2", "a value with a byte above 0x7f", answers("200"), get("/field?x", "x", "a\u00e9"));
		request("4.2", "a field twice", answers("200", "1|2"), get("/field?x", "x", "1", "x", "2"));
	}

	private void connectionFields() {
		for (String name : new String[] { "connection", "keep-alive", "proxy-connection", "transfer-encoding",
				"upgrade" }) {
			request("4.2", "the field " + name, malformed(), get("/hello", name, "close"));
			request("4.2", "the field " + name + " of an upload", malformed(), post("/read", name, "chunked"),
					data("abc"));
		}
		for (String value : new String[] { "gzip", "chunked", "trailers, gzip", "", "trailers;q=1" }) {
			request("4.2", "te " + quoted(value), malformed(), get("/hello", "te", value));
		}
		request("4.2", "te: `trailers`", answers("200", "trailers"), get("/field?te", "te", "trailers"));
		request("4.2", "te twice, the second with another value", malformed(),
				get("/hello", "te", "trailers", "te", "gzip"));
	}

	private void pseudoHeaderFields() {
		Map<String, String[]> required = new LinkedHashMap<>();
		required.put(":method", new String[] { ":scheme", "https", ":authority", "a", ":path", "/" });
		required.put(":scheme", new String[] { ":method", "GET", ":authority", "a", ":path", "/" });
		required.put(":path", new String[] { ":method", "GET", ":scheme", "https", ":authority", "a" });
		required.forEach((name, fields) -> request("4.3.1", "a request without " + name, malformed(), section(fields)));
		String[] all = { ":method", "GET", ":scheme", "https", ":authority", "a", ":path", "/hello" };
		for (int index = 0; index < all.length; index += 2) {
			request("4.3.1", all[index] + " twice", malformed(), section(with(all, all[index], all[index + 1])));
			request("4.3", all[index] + " behind a field", malformed(), section(moved(all, index)));
		}
		for (String name : new String[] { ":status", ":protocol", ":unknown", ":", ":Method", ":path " }) {
			request("4.3", "the pseudo-header field " + quoted(name), malformed(), section(with(all, name, "200")));
		}
		request("4.3", "pseudo-header fields in another order", answers("200", "hello"),
				section(":path", "/hello", ":authority", "a", ":scheme", "https", ":method", "GET"));
		for (String method : new String[] { "", "G ET", "GET ", "G(ET", "GET\t", "GE\u00e9" }) {
			request("4.3.1", ":method " + quoted(method), malformed(), headers(method, "/hello"));
		}
		for (String scheme : new String[] { "", "1a", "ht tp", "https:", "h_t" }) {
			request("4.3.1", ":scheme " + quoted(scheme), malformed(),
					section(":method", "GET", ":scheme", scheme, ":authority", "a", ":path", "/hello"));
		}
	}

	private void targets() {
		for (String path : new String[] { "", "hello", "?a", "*", "https://a/hello", "/a b", "/a#b", "/a\tb", "/a\0b",
				"/\u007f", " /hello" }) {
			request("4.3.1", ":path " + quoted(path), malformed(), get(path));
		}
		request("4.3.1", ":path with a query", answers("200"), get("/hello?a=b&c"));
		request("4.3.1", "OPTIONS with :path `*`", answers("200").or(answers("404")), headers("OPTIONS", "*"));
		request("4.3.1", "OPTIONS with an empty :path", malformed(), headers("OPTIONS", ""));
	}

	private void authorities() {
		for (String authority : new String[] { "", "user@a", "user:pw@a", "a:b", "a:", "a:70000", "a:-1", "a/b", "a b",
				"a?b", "a#b", "[::1", "[::1]:x", "[]", "a\\b" }) {
			request("4.3.1", ":authority " + quoted(authority), malformed(),
					section(":method", "GET", ":scheme", "https", ":authority", authority, ":path", "/hello"));
			request("4.3.1", "host " + quoted(authority) + " alone", malformed(),
					section(":method", "GET", ":scheme", "https", ":path", "/hello", "host", authority));
		}
		for (String authority : new String[] { "a", "a.b:8443", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:443",
				"A.B" }) {
			request("4.3.1", ":authority " + quoted(authority), answers("200", "hello"),
					section(":method", "GET", ":scheme", "https", ":authority", authority, ":path", "/hello"));
		}
		request("4.3.1", "host instead of :authority", answers("200", "a"),
				section(":method", "GET", ":scheme", "https", ":path", "/field?host", "host", "a"));
		request("4.3.1", "host and the same :authority, which the application sees once", answers("200", "localhost"),
				get("/field?host", "host", "localhost"));
		request("4.3.1", "host and another :authority", malformed(), get("/hello", "host", "other"));
		request("4.3.1", "host and :authority with another port", malformed(), get("/hello", "host", "localhost:1"));
		request("4.3.1", "two hosts", malformed(),
				section(":method", "GET", ":scheme", "https", ":path", "/hello", "host", "a", "host", "a"));
		request("4.3.1", "two hosts that differ", malformed(),
				section(":method", "GET", ":scheme", "https", ":path", "/hello", "host", "a", "host", "b"));
		request("4.3.1", "neither :authority nor host", malformed(),
				section(":method", "GET", ":scheme", "https", ":path", "/hello"));
		request("4.3.1", "OPTIONS with `*` and neither", malformed(),
				section(":method", "OPTIONS", ":scheme", "https", ":path", "*"));
	}

	private void lengths() {
		for (String length : new String[] { "2", "4", "0", "99999999999999999999", "9223372036854775808", "-1", "+3",
				"3.0", "0x3", "a", "", "3,", "3, 4", "3 3" }) {
			request("4.1.2", "three bytes with content-length " + quoted(length), malformed(),
					post("/read", "content-length", length), data("abc"));
		}
		request("4.1.2", "two lengths that differ", malformed(),
				post("/read", "content-length", "3", "content-length", "4"), data("abc"));
		request("4.1.2", "the same length twice", answers("200", "abc").or(malformed()),
				post("/read", "content-length", "3", "content-length", "3"), data("abc"));
		request("4.1.2", "a length and no DATA", malformed(), post("/read", "content-length", "3"));
		request("4.1.2", "a length and trailers instead of DATA", malformed(), post("/read", "content-length", "3"),
				trailers("x", "y"));
		request("4.1.2", "a length that several frames have together", answers("200", "abc"),
				post("/read", "content-length", "3"), data("a"), data(""), data("bc"));
		request("4.1.2", "a length that several frames exceed together", malformed(),
				post("/read", "content-length", "3"), data("ab"), data("cd"));
		request("4.1.2", "a length of zero and no DATA", answers("200", ""), post("/read", "content-length", "0"));
		request("4.1.2", "a length of zero and empty DATA", answers("200", ""), post("/read", "content-length", "0"),
				data(""));
		request("4.1.2", "GET with a length and no DATA", malformed(), get("/hello", "content-length", "3"));
		request("4.1.2", "content without a length", answers("200", "abc"), post("/read"), data("abc"));
	}

	private void connect() {
		request("4.4", "CONNECT with :scheme and :path", malformed(), headers("CONNECT", "/"));
		request("4.4", "CONNECT with :path", malformed(),
				section(":method", "CONNECT", ":authority", "a:443", ":path", "/"));
		request("4.4", "CONNECT with :scheme", malformed(),
				section(":method", "CONNECT", ":authority", "a:443", ":scheme", "https"));
		request("4.4", "CONNECT without :authority", malformed(), section(":method", "CONNECT"));
		request("4.4", "CONNECT without a port", malformed(), section(":method", "CONNECT", ":authority", "a"));
	}

	private void cookies() {
		request("4.2.1", "a cookie in crumbs, which the application sees as one", answers("200", "a=1; b=2; c=3"),
				get("/field?cookie", "cookie", "a=1", "cookie", "b=2", "cookie", "c=3"));
		request("4.2.1", "crumbs with other fields between them", answers("200", "a=1; b=2"),
				get("/field?cookie", "cookie", "a=1", "x", "y", "cookie", "b=2"));
		request("4.2.1", "a cookie in one piece", answers("200", "a=1; b=2"),
				get("/field?cookie", "cookie", "a=1; b=2"));
	}

	private void trailerSections() {
		Map<String, String> fields = new LinkedHashMap<>();
		for (String name : new String[] { ":method", ":path", ":authority", ":scheme", ":status", ":protocol" }) {
			fields.put(name, "4.3");
		}
		for (String name : new String[] { "X-Upper", "connection", "transfer-encoding", "upgrade", "keep-alive",
				"proxy-connection" }) {
			fields.put(name, "4.2");
		}
		fields.forEach((name, section) -> request(section, "the field " + name + " in trailers", malformed(),
				post("/read"), data("abc"), trailers(name, "1")));
		request("10.3", "CR and LF in the value of a trailer", malformed(), post("/read"), trailers("x", "a\r\nb"));
		request("10.3", "NUL in the value of a trailer", malformed(), post("/read"), trailers("x", "a\0b"));
		request("10.3", "a space in the name of a trailer", malformed(), post("/read"), trailers("x y", "a"));
		request("4.1", "trailers without fields", answers("200", "abc"), post("/read"), data("abc"), trailers());
	}

	private static String[] with(String[] fields, String name, String value) {
		String[] all = new String[fields.length + 2];
		System.arraycopy(fields, 0, all, 0, fields.length);
		all[fields.length] = name;
		all[fields.length + 1] = value;
		return all;
	}

	/**
	 * Move a field to the end, behind another one.
	 */
	private static String[] moved(String[] fields, int index) {
		String[] all = new String[fields.length + 2];
		System.arraycopy(fields, 0, all, 0, index);
		System.arraycopy(fields, index + 2, all, index, fields.length - index - 2);
		System.arraycopy(new String[] { "x", "y", fields[index], fields[index + 1] }, 0, all, fields.length - 2, 4);
		return all;
	}

}
