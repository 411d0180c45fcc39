package io.github.http3spring.actuate;

import java.time.Duration;
import java.util.List;

import io.github.http3spring.server.ConnectionCounts;
import io.github.http3spring.server.RequestCounts;
import io.github.http3spring.server.ShutdownVerdict;
import io.github.http3spring.server.StuckRequest;
import org.jspecify.annotations.Nullable;

/**
 * What the endpoint {@code http3} shows of a shutdown that has ended.
 *
 * @param lossless whether no request was lost with its connection
 * @param duration the time that it took
 * @param connections connections by the way in which they ended
 * @param requests requests by the way in which they ended
 * @param stuckRequests requests that were open when their connection was lost
 */
public record ShutdownDescriptor(boolean lossless, Duration duration, ConnectionCounts connections,
		RequestCounts requests, List<StuckRequestDescriptor> stuckRequests) {

	static ShutdownDescriptor of(ShutdownVerdict verdict, Values values) {
		return new ShutdownDescriptor(verdict.isLossless(), verdict.duration(), verdict.connections(),
				verdict.requests(),
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
