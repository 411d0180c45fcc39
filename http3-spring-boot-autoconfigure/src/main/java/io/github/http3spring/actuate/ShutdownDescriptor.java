package io.github.http3spring.actuate;

import java.time.Duration;
import java.util.List;

import io.github.http3spring.server.ShutdownVerdict;
import io.github.http3spring.server.StuckRequest;
import org.jspecify.annotations.Nullable;

/**
 * What the endpoint {@code http3} shows of a shutdown that has ended.
 *
 * @param lossless whether no connection was cut off
 * @param duration the time that it took
 * @param connectionsCompleted connections whose responses were all acknowledged
 * @param connectionsAtDeadline connections that were cut off by the deadline
 * @param connectionsClosedByPeer connections that the peer ended first
 * @param connectionsTimedOut connections whose peer had vanished
 * @param connectionsRefused connection attempts that were refused
 * @param requestsCompleted requests that ended with a whole response
 * @param requestsRejected requests that were rejected unprocessed
 * @param requestsCancelled requests that ended without a whole response
 * @param stuckRequests requests that were open when the grace period was over
 */
public record ShutdownDescriptor(boolean lossless, Duration duration, int connectionsCompleted,
		int connectionsAtDeadline, int connectionsClosedByPeer, int connectionsTimedOut, int connectionsRefused,
		int requestsCompleted, int requestsRejected, int requestsCancelled,
		List<StuckRequestDescriptor> stuckRequests) {

	static ShutdownDescriptor of(ShutdownVerdict verdict, Values values) {
		return new ShutdownDescriptor(verdict.isLossless(), verdict.duration(), verdict.connectionsCompleted(),
				verdict.connectionsAtDeadline(), verdict.connectionsClosedByPeer(), verdict.connectionsTimedOut(),
				verdict.connectionsRefused(), verdict.requestsCompleted(), verdict.requestsRejected(),
				verdict.requestsCancelled(),
				verdict.stuckRequests().stream().map((request) -> StuckRequestDescriptor.of(request, values)).toList());
	}

	/**
	 * What the endpoint {@code http3} shows of a request that was cut off.
	 *
	 * @param method the method
	 * @param path the path
	 * @param age the time since the request arrived
	 * @param peer the address of the client
	 */
	public record StuckRequestDescriptor(String method, @Nullable String path, Duration age, @Nullable String peer) {

		static StuckRequestDescriptor of(StuckRequest request, Values values) {
			return new StuckRequestDescriptor(request.method(), values.apply(request.path()), request.age(),
					values.apply(request.peer()));
		}

	}

}
