package io.github.http3spring.server;

import org.jspecify.annotations.Nullable;

/**
 * Describes what an {@link Http3Server} runs on.
 *
 * @param quicAvailable whether the native QUIC library could be loaded
 * @param quicheVersion the version of the native QUIC library, {@code null} if it is not
 * known
 * @param transport the kind of UDP sockets, {@code null} if none is bound
 * @param workers the number of event loops, zero if no socket is bound
 * @param gso whether the kernel cuts datagrams (generic segmentation offload)
 * @param receiveBufferSize the size of each socket's receive buffer in bytes,
 * {@code null} if none is bound
 * @param sendBufferSize the size of each socket's send buffer in bytes, {@code null} if
 * none is bound
 */
public record Http3ServerRuntime(boolean quicAvailable, @Nullable String quicheVersion, @Nullable String transport,
		int workers, boolean gso, @Nullable Integer receiveBufferSize, @Nullable Integer sendBufferSize) {

}
