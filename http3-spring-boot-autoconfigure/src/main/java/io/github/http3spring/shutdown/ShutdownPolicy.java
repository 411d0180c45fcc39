package io.github.http3spring.shutdown;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Times that govern the shutdown of a server and its connections.
 *
 * @param goAwayDelay time between the first and the final GOAWAY, {@code null} to derive
 * it from the round-trip time of each connection
 * @param gracePeriod time after which everything that is still open is cut off
 * @param spread time over which the first GOAWAYs of all connections are spread
 * @param linger most time to leave a client, before CONNECTION_CLOSE makes it discard the
 * rest, to read a response that fits into its window, so that its pace is unknown
 */
public record ShutdownPolicy(@Nullable Duration goAwayDelay, Duration gracePeriod, Duration spread, Duration linger) {

}
