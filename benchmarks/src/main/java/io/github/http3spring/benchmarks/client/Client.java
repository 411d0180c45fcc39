package io.github.http3spring.benchmarks.client;

import java.util.concurrent.CompletableFuture;

/**
 * Opens connections to one server.
 */
public interface Client extends AutoCloseable {

	/**
	 * Open a connection.
	 * @return the connection
	 */
	CompletableFuture<Connection> connect();

	/**
	 * Close all connections.
	 */
	@Override
	void close();

	/**
	 * An open connection.
	 */
	interface Connection {

		/**
		 * Send a request.
		 * @param request the request
		 * @return the response, when all of it has arrived
		 */
		CompletableFuture<Response> exchange(Request request);

		/**
		 * Close the connection.
		 */
		void close();

	}

	/**
	 * A request.
	 *
	 * @param method the method
	 * @param path the path
	 * @param size the number of bytes of its body
	 * @param answer the least number of bytes of the body of its response
	 */
	record Request(String method, String path, long size, long answer) {

		/**
		 * Create a request without a body.
		 * @param path its path
		 * @param answer the least number of bytes of the body of its response
		 * @return the request
		 */
		public static Request get(String path, long answer) {
			return new Request("GET", path, 0, answer);
		}

		/**
		 * Create a request with a body.
		 * @param path its path
		 * @param size the number of bytes of its body
		 * @return the request
		 */
		public static Request post(String path, long size) {
			return new Request("POST", path, size, 1);
		}

	}

	/**
	 * A whole response.
	 *
	 * @param status its status
	 * @param size the number of bytes of its body
	 */
	record Response(String status, long size) {

		/**
		 * Tell whether it is what was asked for.
		 * @param request the request
		 * @return whether it has been successful, and has a body of the right size
		 */
		boolean answers(Request request) {
			return this.status.equals("200") && this.size >= request.answer();
		}

	}

}
