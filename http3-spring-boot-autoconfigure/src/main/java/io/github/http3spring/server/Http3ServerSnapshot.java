package io.github.http3spring.server;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Describes an {@link Http3Server} at one moment. The only door to its state.
 *
 * @param state what the server is doing
 * @param port the UDP port, {@code -1} if none is bound
 * @param runtime what the server runs on
 * @param blockedWorkers the workers whose event loop is blocked, for example by a
 * handler, so that nothing can be said of their connections
 * @param connectionCount the number of live connections
 * @param connections the connections that were asked for, in the order of their arrival
 * @param totals what the server has done since it was created
 * @param lastShutdown what the last shutdown did, {@code null} as long as none has ended
 */
public record Http3ServerSnapshot(Http3ServerState state, int port, Http3ServerRuntime runtime,
		List<Integer> blockedWorkers, int connectionCount, List<ConnectionSnapshot> connections,
		Http3ServerTotals totals, @Nullable ShutdownVerdict lastShutdown) {

}
