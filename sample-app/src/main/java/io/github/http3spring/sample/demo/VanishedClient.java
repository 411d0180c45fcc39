package io.github.http3spring.sample.demo;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;

/**
 * A client that asks for something and is gone without a word before the response, as one
 * that is killed or has lost its network. Nothing of its can be lost, since nobody is
 * there any more, but a server that waits for its acknowledgement waits in vain.
 */
final class VanishedClient implements AutoCloseable {

	static final String NAME = "vanished";

	private static final String PATH = "/slow?millis=1000";

	private static final int TIMEOUT_SECONDS = 10;

	private final WireClient client = WireClient.create();

	VanishedClient(InetSocketAddress server) {
		WireConnection connection = await(this.client.connect(server));
		connection.get(PATH);
		// Sent later and answered: the server has got both
		await(connection.get("/hello").response());
		connection.abandon();
	}

	String describeRequests() {
		return "1 x GET " + PATH + ", whose client has been killed";
	}

	private static <T> T await(CompletableFuture<T> future) {
		return future.orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
	}

	@Override
	public void close() {
		this.client.close();
	}

}
