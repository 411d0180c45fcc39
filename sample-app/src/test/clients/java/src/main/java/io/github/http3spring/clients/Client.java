package io.github.http3spring.clients;

import java.util.concurrent.CompletableFuture;

/**
 * A client of another stack, which makes one connection when it needs it.
 */
interface Client extends AutoCloseable {

	/**
	 * Send a request, and take its response in.
	 * @param body the content, which may have no bytes
	 */
	CompletableFuture<Answer> send(String method, String path, byte[] body);

	@Override
	void close();

}
