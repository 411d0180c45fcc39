package io.github.http3spring.netty;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.http3spring.server.StuckRequest;

/**
 * What a shutdown waits for.
 *
 * @param connections the number of connections that are left
 * @param requests the number of requests that are being served
 * @param longest some of these requests, those that have been open for longest
 */
record ShutdownProgress(int connections, int requests, List<StuckRequest> longest) {

	/**
	 * Most requests that are described.
	 */
	private static final int MAX_REQUESTS = 3;

	static final ShutdownProgress NONE = new ShutdownProgress(0, 0, List.of());

	static ShutdownProgress of(int connections, int requests, Stream<StuckRequest> open) {
		return new ShutdownProgress(connections, requests,
				open.sorted(Comparator.comparing(StuckRequest::age).reversed()).limit(MAX_REQUESTS).toList());
	}

	/**
	 * Return this together with what another worker waits for.
	 */
	ShutdownProgress plus(ShutdownProgress other) {
		return of(this.connections + other.connections, this.requests + other.requests,
				Stream.concat(this.longest.stream(), other.longest.stream()));
	}

	@Override
	public String toString() {
		String requests = this.longest.stream().map(StuckRequest::toString).collect(Collectors.joining("; "));
		return String.format("%d connections and %d requests%s", this.connections, this.requests,
				requests.isEmpty() ? "" : ", longest: " + requests);
	}

}
