package io.github.http3spring.netty.protocol;

import io.netty.incubator.codec.http3.Http3ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a client says later about the priority of a request. Confined to the event
 * loop of the connection.
 */
@FunctionalInterface
public interface PriorityUpdates {

	/**
	 * Change the priority of a request.
	 * @param streamId the identifier of any stream
	 * @param priority the priority
	 * @return what is wrong with the identifier, {@code null} if nothing is
	 */
	@Nullable Http3ErrorCode update(long streamId, Priority priority);

}
