package io.github.http3spring.sample.demo;

import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;

/**
 * A client that connects again as a browser does: it has been told to go, tries again
 * until the server is there, and is not told an error.
 */
final class ReturningClient {

	private static final int TIMEOUT_SECONDS = 20;

	private static final int ATTEMPT_MILLIS = 1000;

	private static final int PAUSE_MILLIS = 100;

	private final InetSocketAddress server;

	private int attempts;

	ReturningClient(InetSocketAddress server) {
		this.server = server;
	}

	/**
	 * Connect until a request is served.
	 * @return whether that has happened in time
	 */
	boolean comeBack(PrintStream out) {
		long start = System.nanoTime();
		while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS)) {
			this.attempts++;
			if (isServed()) {
				out.printf("  served again at attempt %d, %d ms after the first%n", this.attempts,
						TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
				return true;
			}
			pause();
		}
		return false;
	}

	private boolean isServed() {
		try (WireClient client = WireClient.create(); WireConnection connection = await(client.connect(this.server))) {
			return await(connection.get("/hello").response()).status() == 200;
		}
		catch (CompletionException ex) {
			return false;
		}
	}

	private static <T> T await(CompletableFuture<T> future) {
		return future.orTimeout(ATTEMPT_MILLIS, TimeUnit.MILLISECONDS).join();
	}

	private static void pause() {
		try {
			Thread.sleep(PAUSE_MILLIS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
