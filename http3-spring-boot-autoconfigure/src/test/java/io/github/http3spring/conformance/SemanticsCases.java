package io.github.http3spring.conformance;

import java.util.List;

/**
 * What RFC 9110 demands of any server, and not of the application on it.
 */
final class SemanticsCases extends ConformanceCases {

	SemanticsCases() {
		super("RFC 9110");
		methods();
		contentOfResponses();
		expectations();
		fields();
	}

	private void methods() {
		request("9.1", "GET", answers("200", "GET https://localhost/target"), get("/target"));
		request("9.3.2", "HEAD, whose response has no content", answers("200", ""), headers("HEAD", "/hello"));
		for (String method : new String[] { "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY", "get",
				"M-X.1" }) {
			request("9.1", "method " + method + ", as it is", answers("200", method + " https://localhost/target"),
					headers(method, "/target"));
		}
		request("9.3.1", "GET with content", answers("200", "hello"), get("/hello"), data("abc"));
		request("9.3.1", "GET with content and its length", answers("200", "abc"), get("/echo", "content-length", "3"),
				data("abc"));
		request("9.3.2", "HEAD with content", answers("200", ""), headers("HEAD", "/hello"), data("abc"));
		request("9.3.5", "DELETE with content", answers("200", "abc"), headers("DELETE", "/echo"), data("abc"));
		request("9.3.7", "OPTIONS with content", answers("200", "abc"), headers("OPTIONS", "/echo"), data("abc"));
	}

	private void contentOfResponses() {
		for (int status : new int[] { 204, 205, 304 }) {
			request("6.4.1", "a request answered with " + status + ", though its handler writes content",
					answers(Integer.toString(status), ""), get("/status/" + status));
		}
		for (int status : new int[] { 204, 304 }) {
			add("8.6", "a request answered with " + status, shows("no content-length"),
					(peer) -> fieldOf(peer, "/status/" + status, "content-length"));
		}
		elsewhere("8.6", "Content-Length agrees with the content",
				"netty.ResponseFormIT#responseThatIsNotWhatItAnnouncedIsResetAndNoOther");
		elsewhere("9.3.2", "Content-Length of HEAD is that of GET",
				"netty.ResponseFormIT#lengthAndContentAreWhatTheStatusAndTheMethodAllow");
		for (int status : new int[] { 200, 302, 404 }) {
			add("6.6.1", "a request answered with " + status, shows("date").but(shows("no date"),
					"Reactor Netty's, which sends none over TCP either; costs nothing but an application's own work with"
							+ " the time, since who receives a response without it takes the time of its receipt"),
					(peer) -> dateOf(peer, get("/status/" + status)));
		}
		add("6.6.1", "a request answered with the application's own date", shows("date"),
				(peer) -> dateOf(peer, get("/date")));
	}

	private static Outcome dateOf(ConformancePeer peer, byte[] request) throws Exception {
		List<String> dates = peer.field(request, "date");
		return new Outcome(dates.isEmpty() ? "no date" : (dates.size() == 1) ? "date" : "date " + dates, null);
	}

	private static Outcome fieldOf(ConformancePeer peer, String path, String name) throws Exception {
		List<String> values = peer.field(get(path), name);
		return new Outcome(values.isEmpty() ? "no " + name : name + " " + values, null);
	}

	private void expectations() {
		request("10.1.1", "100-continue and content", answers("100, 200", "abc").or(answers("200", "abc")),
				post("/read", "expect", "100-continue", "content-length", "3"), data("abc"));
		add("10.1.1", "100-continue, and content after the answer", answers("100, 200", "abc"), (peer) -> {
			var stream = peer.connection().rawBidirectional(post("/read", "expect", "100-continue"));
			peer.outcome();
			stream.rawLast(data("abc"));
			return peer.outcomeOf(stream);
		});
		beginning("10.1.1", "100-continue for an application that reads nothing",
				answers("200", "hello").or(answers("100, 200", "hello")), post("/hello", "expect", "100-continue"));
		request("10.1.1", "100-continue without content", answers("200", "hello").or(answers("100, 200", "hello")),
				get("/hello", "expect", "100-continue"));
		request("10.1.1", "another expectation", answers("417").or(answers("200", "abc")),
				post("/read", "expect", "magic"), data("abc"));
	}

	private void fields() {
		request("5.3", "lines of a field in their order", answers("200", "a|b|c"),
				get("/field?x", "x", "a", "x", "b", "x", "c"));
		request("5.1", "a field that nobody knows", answers("200", "1"), get("/field?x-unknown", "x-unknown", "1"));
		request("7.2", "a request for a host that is not that of the certificate",
				answers("200", "hello").or(answers("421")),
				section(":method", "GET", ":scheme", "https", ":authority", "other.example", ":path", "/hello"));
		request("4.2.4", "user information in the authority", malformed(),
				section(":method", "GET", ":scheme", "https", ":authority", "u:p@localhost", ":path", "/hello"));
		for (String name : new String[] { "content-length", "host" }) {
			request("6.5.1", name + " in trailers", malformed(), post("/read"), data("abc"), trailers(name, "3"));
		}
		for (String name : new String[] { "trailer", "x-checksum" }) {
			request("6.5", name + " in trailers", answers("200", "abc"), post("/read"), data("abc"),
					trailers(name, "3"));
		}
	}

}
