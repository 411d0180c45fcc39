package io.github.http3spring.conformance;

import io.netty.incubator.codec.http3.Http3ErrorCode;

/**
 * Extended CONNECT, HTTP datagrams and capsules, none of which the server supports.
 */
final class ExtensionCases extends ConformanceCases {

	private final ConformanceCases datagrams = new ConformanceCases("RFC 9297") {
	};

	ExtensionCases() {
		super("RFC 9220");
		extendedConnect();
		datagrams();
		cases().addAll(this.datagrams.cases());
		references().addAll(this.datagrams.references());
	}

	private void extendedConnect() {
		add("3", "nothing: ENABLE_CONNECT_PROTOCOL is not announced", shows("not announced"),
				(peer) -> new Outcome(
						(peer.connection().settings().getOrDefault(0x08L, 0L) == 0) ? "not announced" : "announced",
						null));
		Expectation refused = malformed().or(answers("501")).or(answers("400"));
		request("3", "extended CONNECT", refused, section(":method", "CONNECT", ":protocol", "websocket", ":scheme",
				"https", ":authority", "localhost", ":path", "/hello"));
		request("3", "extended CONNECT of an unknown protocol", refused, section(":method", "CONNECT", ":protocol", "x",
				":scheme", "https", ":authority", "localhost", ":path", "/hello"));
		request("3", ":protocol of a GET", malformed(), section(":method", "GET", ":protocol", "websocket", ":scheme",
				"https", ":authority", "localhost", ":path", "/hello"));
		start("3", "ENABLE_CONNECT_PROTOCOL 0", ignores(), settings(0x08, 0));
		start("3", "ENABLE_CONNECT_PROTOCOL 1", ignores(), settings(0x08, 1));
		start("3", "ENABLE_CONNECT_PROTOCOL 2", closes(Http3ErrorCode.H3_SETTINGS_ERROR), settings(0x08, 2));
		request("3", "upgrade to a WebSocket as in HTTP/1.1", malformed(),
				get("/hello", "connection", "upgrade", "upgrade", "websocket"));
	}

	private void datagrams() {
		Expectation error = closes(Http3ErrorCode.H3_SETTINGS_ERROR);
		this.datagrams.start("2.1.1", "H3_DATAGRAM 0", ignores(), settings(0x33, 0));
		this.datagrams.start("2.1.1", "H3_DATAGRAM 1", ignores(), settings(0x33, 1));
		for (long value : new long[] { 2, 64, (1L << 62) - 1 }) {
			this.datagrams.start("2.1.1", "H3_DATAGRAM " + value, error, settings(0x33, value));
		}
		this.datagrams.add("2.1.1", "nothing: H3_DATAGRAM is not announced", shows("not announced"),
				(peer) -> new Outcome(
						(peer.connection().settings().getOrDefault(0x33L, 0L) == 0) ? "not announced" : "announced",
						null));
		this.datagrams.request("3.2", "a capsule as the content of a POST, which is content", answers("200", "\0\1x"),
				post("/echo", "capsule-protocol", "?1"), data("\0\1x"));
		this.datagrams.untested("2.1", "DATAGRAM frames", "the server sends no max_datagram_frame_size, so that quiche"
				+ " closes the connection for one (RFC 9221 section 3)");
	}

}
