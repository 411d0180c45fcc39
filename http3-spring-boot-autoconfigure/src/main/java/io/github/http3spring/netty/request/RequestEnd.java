package io.github.http3spring.netty.request;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How a request has ended.
 *
 * @param streamId the identifier of its stream
 * @param received whether the whole request has arrived
 * @param responseSent whether the whole response was handed to the transport
 * @param responseBytes bytes of the response that were
 * @param timeToRead how long the client still has to read the response, {@code null} if
 * nothing is known of its pace
 */
public record RequestEnd(long streamId, boolean received, boolean responseSent, long responseBytes,
		@Nullable Duration timeToRead) {

}
