package io.github.http3spring.sample.interop;

/**
 * What a client of another stack does. It has one connection at a time, which it makes
 * when it needs it, and says of a response: its status, and the length and the SHA-256 of
 * its content.
 */
interface InteropSession extends AutoCloseable {

	/**
	 * Send GET.
	 */
	String get(String path) throws Exception;

	/**
	 * Send POST with bytes of the pattern.
	 */
	String post(String path, int size) throws Exception;

	/**
	 * Send GET many times at once.
	 * @return the number of responses with status 200
	 */
	int many(String path, int count) throws Exception;

	/**
	 * Send GET many times, one after the other where the client can do that.
	 * @return the number of responses with status 200
	 */
	int each(String path, int count) throws Exception;

	/**
	 * Close the connection; the next one resumes its TLS session.
	 */
	void disconnect() throws Exception;

	/**
	 * Close the connection, and send GET as early data of the next one.
	 */
	String early(String path) throws Exception;

	/**
	 * Send GET, maybe on another connection, and update keys during the response.
	 */
	String update(String path) throws Exception;

	@Override
	void close();

}
