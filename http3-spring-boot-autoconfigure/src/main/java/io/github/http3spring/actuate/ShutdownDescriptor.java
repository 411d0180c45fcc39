package io.github.http3spring.actuate;

import java.time.Duration;
import java.util.List;

import io.github.http3spring.server.ShutdownVerdict;
import io.github.http3spring.server.StuckRequest;
import org.jspecify.annotations.Nullable;

/**
 * What the endpoint {@code http3} shows of a shutdown that has ended.
 *
 * @param lossless whether no request was lost with its connection
 * @param duration the time that it took
 * @param connectionsCompleted connections whose responses were all acknowledged
 * @param connectionsAtDeadline connections that were cut off by the deadline
 * @param connectionsClosedByPeer connections that the peer ended first
 * @param connectionsTimedOut connections that ended by their idle timeout
 * @param connectionsVanished connections whose peer did not answer any more
 * @param connectionsRefused connection attempts that were refused
 * @param requestsCompleted requests that ended with a whole response
 * @param requestsRejected requests that were rejected unprocessed
 * @param requestsCancelled requests that ended without a whole response
 * @param requestsLost those of the cancelled ones that were lost with their connection
 * @param stuckRequests requests that were open when their connection was lost
 */
public record ShutdownDescriptor(boolean lossless, Duration duration, int connectionsCompleted,
		int connectionsAtDeadline, int connectionsClosedByPeer, int connectionsTimedOut, int connectionsVanished,
		int connectionsRefused, int requestsCompleted, int requestsRejected, int requestsCancelled, int requestsLost,
		List<StuckRequestDescriptor> stuckRequests) {

	static ShutdownDescriptor of(ShutdownVerdict verdict, Values values) {
		return new ShutdownDescriptor(verdict.isLossless(), verdict.duration(), verdict.connectionsCompleted(),
				verdict.connectionsAtDeadline(), verdict.connectionsClosedByPeer(), verdict.connectionsTimedOut(),
				verdict.connectionsVanished(), verdict.connectionsRefused(), verdict.requestsCompleted(),
				verdict.requestsRejected(), verdict.requestsCancelled(), verdict.requestsLost(),
				verdict.stuckRequests().stream().map((request) -> StuckRequestDescriptor.of(request, values)).toList());
	}

	/**
	 * What the endpoint {@code http3} shows of a request that was lost.
	 *
	 * @param method the method
	 * @param path the path
	 * @param age the time since the request arrived
	 * @param peer the address of the client
	 * @param reason why the connection ended
	 */
	public record StuckRequestDescriptor(String method, @Nullable String path, Duration age, @Nullable String peer,
			StuckRequest.Reason reason) {

		static StuckRequestDescriptor of(StuckRequest request, Values values) {
			return new StuckRequestDescriptor(request.method(), values.apply(request.path()), request.age(),
					values.apply(request.peer()), request.reason());
		}

	}

}
