package io.github.http3spring.sample.demo;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * An event stream over HTTP/1.1, which the same shutdown has to end.
 */
final class TcpEvents {

	private static final String NAME = "events-tcp";

	private final CompletableFuture<@Nullable HttpResponse<String>> response;

	private volatile long endedAt;

	TcpEvents(int port) {
		HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(trustAll()).build();
		HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/events")).build();
		this.response = client.sendAsync(request, BodyHandlers.ofString()).handle((response, ex) -> {
			this.endedAt = System.nanoTime();
			return response;
		});
	}

	private static SSLContext trustAll() {
		try {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Wait for the end, for a while.
	 */
	void awaitEnd(int seconds) {
		this.response.copy().completeOnTimeout(null, seconds, TimeUnit.SECONDS).join();
	}

	/**
	 * Return whether the stream has ended after a whole event.
	 */
	boolean isComplete() {
		HttpResponse<String> ended = this.response.getNow(null);
		return ended != null && ended.statusCode() == 200 && ended.body().endsWith("\n\n");
	}

	void report(Timeline timeline) {
		if (this.response.isDone()) {
			timeline.add(this.endedAt, NAME,
					"GET /events over HTTP/1.1 " + (isComplete() ? "complete, after a whole event" : "cut off"));
		}
	}

}
