package io.github.http3spring.shutdown;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Limits after which a connection is shut down gracefully while the server lives on.
 *
 * @param maxAge age at which a connection is shut down, {@code null} for no limit
 * @param maxAgeJitter most by which the age of a connection deviates at random, so that
 * connections that began together do not end together
 * @param maxAgeGrace time after which everything that is still open on such a connection
 * is cut off
 * @param maxRequests number of requests after which a connection is shut down, zero for
 * no limit
 * @param keepAliveTimeout time without any request after which a connection is shut down,
 * {@code null} for no limit
 */
public record ConnectionPolicy(@Nullable Duration maxAge, Duration maxAgeJitter, Duration maxAgeGrace, long maxRequests,
		@Nullable Duration keepAliveTimeout) {

}
