package io.github.http3spring.server;

import org.jspecify.annotations.Nullable;

/**
 * Describes what an {@link Http3Server} runs on.
 *
 * @param quicAvailable whether the native QUIC library could be loaded
 * @param quicheVersion the version of the native QUIC library, {@code null} if it is not
 * known
 * @param transport the kind of UDP socket, {@code null} if none is bound
 * @param workers the number of event loops
 */
public record Http3ServerRuntime(boolean quicAvailable, @Nullable String quicheVersion, @Nullable String transport,
		int workers) {

}
