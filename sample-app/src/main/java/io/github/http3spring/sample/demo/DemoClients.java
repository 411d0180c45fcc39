package io.github.http3spring.sample.demo;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireStream;
import org.jspecify.annotations.Nullable;

/**
 * The clients that the shutdown meets: each with a connection of its own over real UDP,
 * most with requests in flight, and some that go on asking during the shutdown.
 */
final class DemoClients implements AutoCloseable {

	private static final int SLOW_CONNECTIONS = 4;

	private static final int SLOW_REQUESTS = 5;

	/**
	 * Longer than the longest time between two GOAWAYs.
	 */
	private static final int FIRST_MILLIS = 1500;

	private static final int MORE_MILLIS = 250;

	private static final int READING_MILLIS = 200;

	private static final int TIMEOUT_SECONDS = 10;

	/**
	 * The window of a response is small, so that a download whose client stops to read
	 * stays in progress; that of the connection is not, so that GOAWAY gets through.
	 */
	private static final WireOptions OPTIONS = WireOptions.defaults().withWindows(16 << 20, 128 << 10);

	private final WireClient client = WireClient.create(OPTIONS);

	private final InetSocketAddress server;

	private final List<DemoConnection> connections = new ArrayList<>();

	private final List<DemoConnection> slow = new ArrayList<>();

	private final DemoConnection idle;

	private final DemoConnection events;

	private final TcpEvents tcpEvents;

	private final VanishedClient vanished;

	private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();

	private volatile @Nullable DemoRequest early;

	private volatile @Nullable DemoRequest late;

	private volatile @Nullable Newcomer newcomer;

	private DemoClients(InetSocketAddress server, int tcpPort) {
		this.server = server;
		this.tcpEvents = new TcpEvents(tcpPort);
		// What is cold would blur the times
		sayHello();
		for (int number = 1; number <= SLOW_CONNECTIONS; number++) {
			this.slow.add(connect("slow-" + number));
		}
		download("download-1M", 1_000_000);
		download("download-8M", 8_000_000);
		readSlowly("slow-reader", 1_000_000);
		this.idle = connect("idle");
		this.events = connect("events");
		await(this.events.get("/events", DemoRequest.wholeEvents()).stream().headersReceived());
		int millis = FIRST_MILLIS;
		for (DemoConnection connection : this.slow) {
			for (int request = 0; request < SLOW_REQUESTS; request++) {
				connection.get("/slow?millis=" + millis, DemoRequest.text("done"));
			}
			millis += MORE_MILLIS;
		}
		this.vanished = new VanishedClient(server);
		goOnAsking(this.slow.get(0), this.slow.get(SLOW_CONNECTIONS - 1));
		// The server has one socket: once this is answered, it has got all of the above
		sayHello();
	}

	/**
	 * Connect all clients and have their requests in flight.
	 * @param server the address of the server
	 * @param tcpPort the port of the server beside it
	 * @return the clients
	 */
	static DemoClients start(InetSocketAddress server, int tcpPort) {
		return new DemoClients(server, tcpPort);
	}

	private void sayHello() {
		try (WireConnection connection = await(this.client.connect(this.server))) {
			await(connection.get("/hello").response());
		}
	}

	private DemoConnection connect(String name) {
		DemoConnection connection = await(DemoConnection.open(this.client, this.server, name));
		this.connections.add(connection);
		return connection;
	}

	private void download(String name, long size) {
		DemoConnection connection = connect(name);
		WireStream stream = connection.getAndPause("/bytes/" + size, DemoRequest.pattern(size)).stream();
		await(stream.headersReceived());
		connection.wire().goAway(2).thenRun(stream::resumeReading);
	}

	/**
	 * Read a window's worth at a time, with pauses.
	 */
	private void readSlowly(String name, long size) {
		DemoConnection connection = connect(name);
		WireStream stream = connection.getAndPause("/bytes/" + size, DemoRequest.pattern(size)).stream();
		await(stream.headersReceived());
		this.scheduler.scheduleAtFixedRate(() -> {
			stream.resumeReading();
			stream.pauseReading();
		}, READING_MILLIS, READING_MILLIS, TimeUnit.MILLISECONDS);
	}

	/**
	 * Some clients have not understood yet, and some will never.
	 */
	private void goOnAsking(DemoConnection first, DemoConnection last) {
		first.wire().goAway(1).thenRun(() -> this.early = first.get("/hello", DemoRequest.text("hello")));
		last.wire().goAway(2).thenRun(() -> {
			this.late = last.get("/hello", DemoRequest.text("hello"));
			this.client.connect(this.server)
				.whenComplete((connection, ex) -> this.newcomer = new Newcomer(System.nanoTime(), Causes.unwrap(ex)));
		});
	}

	/**
	 * Wait for the end of all connections, for a while.
	 */
	void awaitEnd() {
		CompletableFuture<?>[] ends = this.connections.stream()
			.map((connection) -> connection.wire().closed().handle((frame, ex) -> frame))
			.toArray(CompletableFuture<?>[]::new);
		CompletableFuture.allOf(ends).completeOnTimeout(null, TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
		this.tcpEvents.awaitEnd(TIMEOUT_SECONDS);
	}

	/**
	 * Put on a timeline what the clients saw.
	 */
	void report(Timeline timeline) {
		this.connections.forEach((connection) -> connection.report(timeline));
		this.tcpEvents.report(timeline);
		Newcomer last = this.newcomer;
		if (last != null) {
			last.report(timeline);
		}
	}

	private static <T> T await(CompletableFuture<T> future) {
		return future.orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
	}

	List<DemoConnection> connections() {
		return this.connections;
	}

	/**
	 * Return the connections with slow requests.
	 */
	List<DemoConnection> slow() {
		return this.slow;
	}

	/**
	 * Return the connection without requests.
	 */
	DemoConnection idle() {
		return this.idle;
	}

	/**
	 * Return the connection with an event stream, which ends as soon as the shutdown
	 * starts.
	 */
	DemoConnection events() {
		return this.events;
	}

	/**
	 * Return the event stream over TCP.
	 */
	TcpEvents tcpEvents() {
		return this.tcpEvents;
	}

	/**
	 * Return the client that is there no more.
	 */
	VanishedClient vanished() {
		return this.vanished;
	}

	/**
	 * Describe what is not over yet.
	 */
	String describeProgress() {
		long open = this.connections.stream().filter((connection) -> !connection.isClosed()).count();
		long missing = requests().stream().filter((request) -> !request.stream().response().isDone()).count();
		return ((open > 0) ? "%d connections are open, %d responses on their way".formatted(open, missing)
				: "all connections are closed but that of the client that has vanished");
	}

	/**
	 * Return the requests that have to be served.
	 */
	List<DemoRequest> requests() {
		DemoRequest rejected = this.late;
		return this.connections.stream()
			.flatMap((connection) -> connection.requests().stream())
			.filter((request) -> request != rejected)
			.toList();
	}

	/**
	 * Return the request that was sent right after the first GOAWAY.
	 */
	@Nullable DemoRequest early() {
		return this.early;
	}

	/**
	 * Return the request that was sent right after the final GOAWAY.
	 */
	@Nullable DemoRequest late() {
		return this.late;
	}

	/**
	 * Return what became of the connection that was opened during the shutdown.
	 */
	@Nullable Newcomer newcomer() {
		return this.newcomer;
	}

	@Override
	public void close() {
		this.scheduler.shutdownNow();
		this.client.close();
		this.vanished.close();
	}

}
