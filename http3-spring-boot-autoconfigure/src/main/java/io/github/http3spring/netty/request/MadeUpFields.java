package io.github.http3spring.netty.request;

import java.util.List;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

/**
 * Takes out of a request what no client has sent: header fields by which Netty's codec
 * tells HTTP/1.1 handlers of HTTP/3. Applications would take a GET for an upload, and
 * gateways pass the fields on. They are removed even where a client has sent them.
 */
final class MadeUpFields {

	private static final List<AsciiString> NAMES = List.of(HttpHeaderNames.TRANSFER_ENCODING,
			AsciiString.cached("x-http3-scheme"), AsciiString.cached("x-http3-stream-id"));

	private MadeUpFields() {
	}

	static void removeFrom(HttpHeaders headers) {
		for (AsciiString name : NAMES) {
			headers.remove(name);
		}
	}

}
