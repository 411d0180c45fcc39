package io.github.http3spring.server;

import java.time.Duration;

/**
 * Describes a request that is being served.
 *
 * @param method the method
 * @param path the path without its query, which may hold secrets, without control
 * characters and shortened to {@value StuckRequest#MAX_PATH_LENGTH} characters
 * @param age the time since the request arrived
 */
public record OpenRequestSnapshot(String method, String path, Duration age) {

	/**
	 * Describe a request.
	 * @param method the method
	 * @param path the path as the client sent it
	 * @param age the time since the request arrived
	 */
	public OpenRequestSnapshot {
		method = StuckRequest.printable(method);
		int query = path.indexOf('?');
		path = StuckRequest.printable((query >= 0) ? path.substring(0, query) : path);
	}

}
