package io.github.http3spring.sample;

import java.time.Duration;
import java.util.List;

import io.github.http3spring.server.ConnectionSnapshot;
import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.Http3ServerSnapshot;
import io.github.http3spring.server.Http3ServerState;
import io.github.http3spring.server.Http3ServerTotals;
import io.github.http3spring.server.Http3ShutdownSignal;
import io.github.http3spring.server.OpenRequestSnapshot;
import io.github.http3spring.shutdown.ConnectionState;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * Tell the page what the HTTP/3 server does, several times a second.
 * <p>
 * Lines of JSON and no event stream, since that would be completed when a shutdown
 * starts, and this has to tell how the shutdown goes. It must not hold the shutdown up
 * either: once that has started, it ends with the last request of others.
 */
@RestController
class LiveController {

	static final String PATH = "/live/";

	private static final Duration INTERVAL = Duration.ofMillis(100);

	private static final int MAX_CONNECTIONS = 50;

	private final ObjectProvider<Http3Server> server;

	private final Http3ShutdownSignal signal;

	LiveController(ObjectProvider<Http3Server> server, Http3ShutdownSignal signal) {
		// Asked for late: the server needs the handler that this is part of
		this.server = server;
		this.signal = signal;
	}

	/**
	 * Tell of the server until the shutdown is done.
	 * @param request the request
	 * @param viewer names the page, which finds its own connection by it
	 */
	@GetMapping(path = PATH + "{viewer}", produces = MediaType.APPLICATION_NDJSON_VALUE)
	Flux<Live> live(ServerHttpRequest request, @PathVariable String viewer) {
		Mono<Boolean> shutdown = this.signal.started(request).thenReturn(true);
		Flux<Boolean> shuttingDown = Flux.concat(Mono.just(false), shutdown);
		return Flux.interval(Duration.ZERO, INTERVAL)
			.onBackpressureDrop()
			.concatMap((tick) -> Mono.fromFuture(() -> this.server.getObject().snapshot(0, MAX_CONNECTIONS)), 1)
			.map(Live::of)
			.withLatestFrom(shuttingDown, (live, over) -> over ? live.orLast(viewer) : live)
			.takeUntil(Live::last);
	}

	record Live(Http3ServerState state, List<LiveConnection> connections, Http3ServerTotals totals, boolean last) {

		static Live of(Http3ServerSnapshot snapshot) {
			return new Live(snapshot.state(), snapshot.connections().stream().map(LiveConnection::of).toList(),
					snapshot.totals(), false);
		}

		/**
		 * Return this as what is told last if nobody else waits for anything any more.
		 */
		Live orLast(String viewer) {
			List<LiveConnection> concerned = (this.state == Http3ServerState.RUNNING)
					? this.connections.stream().filter((connection) -> connection.serves(viewer)).toList()
					: this.connections;
			return new Live(this.state, this.connections, this.totals,
					concerned.stream().noneMatch(LiveConnection::isBusy));
		}

	}

	record LiveConnection(String id, int worker, ConnectionState state, List<String> requests, List<Long> goAwayIds,
			long bytesSent, int migrations) {

		static LiveConnection of(ConnectionSnapshot snapshot) {
			return new LiveConnection(snapshot.id(), snapshot.worker(), snapshot.state(),
					snapshot.openRequests().stream().map(OpenRequestSnapshot::path).toList(), snapshot.goAwayIds(),
					snapshot.bytesSent(), snapshot.migrations());
		}

		private boolean serves(String viewer) {
			return this.requests.contains(PATH + viewer);
		}

		private boolean isBusy() {
			return this.requests.stream().anyMatch((path) -> !path.startsWith(PATH));
		}

	}

}
