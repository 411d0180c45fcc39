package io.github.http3spring.netty.settings;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Limits of what may have arrived on a connection and not been handed to handlers.
 *
 * @param maximum bytes on the wire that may wait
 * @param initialMaxData bytes of content that a client may send before any was read
 * @param initialMaxStreamData the same for a request
 * @param maxLingering time for which something may wait on a connection without requests,
 * {@code null} for no limit
 */
public record ReceiveLimits(long maximum, long initialMaxData, long initialMaxStreamData,
		@Nullable Duration maxLingering) {

}
