package io.github.http3spring.wire;

import java.util.Map;
import java.util.concurrent.Executor;

/**
 * What the streams of a connection share.
 *
 * @param eventLoop runs what they do
 * @param log records what happens on them
 * @param bodyLimit how many content bytes of a response to keep
 * @param authority the authority that requests are for
 */
record StreamContext(Executor eventLoop, EventLog log, int bodyLimit, String authority) {

	/**
	 * Encode a HEADERS frame with the pseudo-header fields of a request.
	 */
	byte[] headers(String method, String path, Map<String, String> fields) {
		return Http3Frames.headers(method, this.authority, path, fields);
	}

}
