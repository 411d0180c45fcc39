package io.github.http3spring.sample;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireResponse;
import io.github.http3spring.wire.WireStream;

/**
 * What a shutdown meets: 20 slow requests on 4 connections, a download of 1 MB and one of
 * 8 MB that are paused in the middle, and an idle connection.
 */
final class Workload implements AutoCloseable {

	static final int SLOW_CONNECTIONS = 4;

	static final int SLOW_PER_CONNECTION = 5;

	/**
	 * Id of the next request stream of a connection with slow requests, which carried one
	 * quick request after them.
	 */
	static final long NEXT_STREAM_ID = 4 * (SLOW_PER_CONNECTION + 1);

	private final WireClient client;

	private final InetSocketAddress server;

	private final List<WireConnection> slowConnections = new ArrayList<>();

	private final List<WireStream> slow = new ArrayList<>();

	private final List<WireConnection> downloadConnections = new ArrayList<>();

	private final List<Download> downloads = new ArrayList<>();

	private final WireConnection idle;

	private Workload(WireOptions options, InetSocketAddress server) {
		// A small window keeps a paused download in flight, a large one of the connection
		// lets GOAWAY through
		this.client = WireClient.create(options.withWindows(16 << 20, 128 << 10));
		this.server = server;
		for (int number = 0; number < SLOW_CONNECTIONS; number++) {
			this.slowConnections.add(connect());
		}
		download(1_000_000);
		download(8_000_000);
		this.idle = connect();
	}

	/**
	 * Open all connections and begin the downloads.
	 */
	static Workload start(WireOptions options, InetSocketAddress server) {
		return new Workload(options, server);
	}

	static Workload start(InetSocketAddress server) {
		return start(WireOptions.defaults(), server);
	}

	/**
	 * Have the slow requests in flight.
	 */
	void sendSlowRequests(int millis) {
		for (WireConnection connection : this.slowConnections) {
			for (int request = 0; request < SLOW_PER_CONNECTION; request++) {
				this.slow.add(connection.get("/slow?millis=" + millis));
			}
		}
		// Each connection has its worker: once this is answered, that has got all of the
		// above
		this.slowConnections.stream()
			.map((connection) -> connection.get("/bytes/1").response())
			.toList()
			.forEach((response) -> response.orTimeout(10, TimeUnit.SECONDS).join());
	}

	WireConnection connect() {
		return this.client.connect(this.server).orTimeout(10, TimeUnit.SECONDS).join();
	}

	/**
	 * Try to open one more connection.
	 */
	CompletableFuture<WireConnection> tryToConnect() {
		return this.client.connect(this.server);
	}

	private void download(long size) {
		WireConnection connection = connect();
		WireStream stream = connection.get("/bytes/" + size);
		stream.headersReceived().thenRun(stream::pauseReading).orTimeout(10, TimeUnit.SECONDS).join();
		this.downloadConnections.add(connection);
		this.downloads.add(new Download(size, stream));
	}

	void resumeDownloads() {
		this.downloads.forEach((download) -> download.stream().resumeReading());
	}

	List<WireConnection> slowConnections() {
		return this.slowConnections;
	}

	List<WireStream> slow() {
		return this.slow;
	}

	List<WireConnection> downloadConnections() {
		return this.downloadConnections;
	}

	List<Download> downloads() {
		return this.downloads;
	}

	WireConnection idle() {
		return this.idle;
	}

	List<WireConnection> connections() {
		return Stream.of(this.slowConnections, this.downloadConnections, List.of(this.idle))
			.flatMap(List::stream)
			.toList();
	}

	@Override
	public void close() {
		this.client.close();
	}

	/**
	 * A download whose byte i is i modulo 251.
	 */
	record Download(long size, WireStream stream) {

		boolean isComplete() {
			CompletableFuture<WireResponse> response = this.stream.response();
			return response.isDone() && !response.isCompletedExceptionally() && isWhole(response.join());
		}

		private boolean isWhole(WireResponse response) {
			return response.status() == 200 && response.bodyLength() == this.size && response.patternMatches();
		}

	}

}
