package io.github.http3spring.sample.demo;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireOptions;
import reactor.netty.http.Http3SslContextSpec;

/**
 * What becomes of requests when the HTTP/3 server of Reactor Netty is stopped in the same
 * way, with nothing beside it.
 *
 * @param requests how many were in flight
 * @param complete how many have been completed
 * @param connections how many connections there were
 * @param told how many of them were told that the server goes, by GOAWAY
 */
record Comparison(int requests, long complete, int connections, long told) {

	private static final int SLOW_CONNECTIONS = 4;

	private static final int SLOW_REQUESTS = 5;

	private static final int TIMEOUT_SECONDS = 10;

	/**
	 * A client that hears nothing gives up then.
	 */
	private static final WireOptions OPTIONS = WireOptions.defaults()
		.withMaxIdleTimeout(Duration.ofSeconds(4))
		.withWindows(16 << 20, 128 << 10);

	/**
	 * Start the server, have requests in flight, and stop it.
	 * @param tls its TLS
	 */
	static Comparison run(Http3SslContextSpec tls) {
		try (PlainServer server = PlainServer.start(tls); WireClient client = WireClient.create(OPTIONS)) {
			List<DemoConnection> connections = new ArrayList<>();
			for (int number = 0; number < SLOW_CONNECTIONS; number++) {
				DemoConnection connection = connect(client, server.address());
				for (int request = 0; request < SLOW_REQUESTS; request++) {
					connection.get("/slow?millis=1500", DemoRequest.text("done"));
				}
				connections.add(connection);
			}
			DemoConnection download = connect(client, server.address());
			DemoRequest large = download.getAndPause("/bytes/8000000", DemoRequest.pattern(8_000_000));
			large.stream().headersReceived().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
			connections.add(download);
			CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::stop,
					(task) -> new Thread(task, "stop-plain").start());
			large.stream().resumeReading();
			stopped.join();
			CompletableFuture
				.allOf(connections.stream()
					.map((connection) -> connection.wire().closed().handle((frame, ex) -> frame))
					.toArray(CompletableFuture<?>[]::new))
				.completeOnTimeout(null, TIMEOUT_SECONDS, TimeUnit.SECONDS)
				.join();
			return of(connections);
		}
	}

	private static DemoConnection connect(WireClient client, InetSocketAddress server) {
		return DemoConnection.open(client, server, "plain").orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
	}

	private static Comparison of(List<DemoConnection> connections) {
		List<DemoRequest> requests = connections.stream()
			.flatMap((connection) -> connection.requests().stream())
			.toList();
		return new Comparison(requests.size(), requests.stream().filter(DemoRequest::isComplete).count(),
				connections.size(),
				connections.stream().filter((connection) -> !connection.wire().goAwayIds().isEmpty()).count());
	}

	@Override
	public String toString() {
		return "Reactor Netty alone, stopped in the same way: %d of %d requests complete, %d of %d connections told by GOAWAY"
			.formatted(this.complete, this.requests, this.told, this.connections);
	}

}
