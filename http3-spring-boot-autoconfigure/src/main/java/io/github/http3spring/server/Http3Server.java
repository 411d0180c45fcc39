package io.github.http3spring.server;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.web.server.WebServer;

/**
 * Serves HTTP/3 over QUIC and shuts down without losing a request.
 * <p>
 * {@link #start()} binds the UDP socket and fails with
 * {@link org.springframework.boot.web.server.PortInUseException} if the port is taken.
 * {@link #shutDownGracefully} returns at once and shuts every connection down by itself:
 * GOAWAY, requests are completed, their responses are acknowledged, CONNECTION_CLOSE (RFC
 * 9114 section 5.2). {@link #stop()} closes what is left and then the UDP socket; it
 * blocks for the closing period, about a second at most. Both must not be called from an
 * event loop of the server; all other methods can be called from any thread.
 */
public interface Http3Server extends WebServer {

	/**
	 * Return what the server is doing. Costs one volatile read.
	 * @return the state
	 */
	Http3ServerState getState();

	/**
	 * Return what the last shutdown did to connections and requests.
	 * @return the verdict, empty as long as no shutdown has ended
	 */
	Optional<ShutdownVerdict> getShutdownVerdict();

	/**
	 * Return what the server has done since it was created. Costs a few reads.
	 * @return the totals
	 */
	Http3ServerTotals getTotals();

	/**
	 * Let a listener know what connections do: every connection that is not silent about
	 * every ten seconds, and each at its end. Nothing is measured as long as there is no
	 * listener.
	 * @param listener called on the event loop of the connection, hence must not block;
	 * on several of them at the same time
	 */
	void addSampleListener(Consumer<ConnectionSample> listener);

	/**
	 * Return what the server runs on.
	 * @return the runtime
	 */
	Http3ServerRuntime getRuntime();

	/**
	 * Return what the connections hold together. Costs a few reads.
	 * @return the memory, with nothing held while the server is stopped
	 */
	MemoryUsage getMemoryUsage();

	/**
	 * Describe the server and some of its connections. Connections are looked at a few at
	 * a time, so that requests are served in between; those that come or go meanwhile may
	 * be missing. So are those of a worker whose event loop is blocked, which the
	 * snapshot names.
	 * @param offset number of connections to leave out, the oldest first
	 * @param limit most connections to describe
	 * @return the snapshot, completed on any thread
	 */
	CompletableFuture<Http3ServerSnapshot> snapshot(int offset, int limit);

	/**
	 * Describe one connection.
	 * @param id the identifier of the connection
	 * @return the snapshot, empty if there is no such connection; fails with a
	 * {@link java.util.concurrent.TimeoutException} if only a worker that is blocked may
	 * have it
	 */
	CompletableFuture<Optional<ConnectionSnapshot>> snapshot(String id);

	/**
	 * Begin to shut down all present connections gracefully while the server lives on and
	 * accepts new ones.
	 * @param gracePeriod time after which everything that is still open is cut off,
	 * {@code null} for the grace period of the server's own shutdown
	 * @return the number of connections whose shutdown was begun by this call; a worker
	 * that is blocked begins as soon as it can, and is not counted
	 */
	CompletableFuture<Integer> shutDownConnections(@Nullable Duration gracePeriod);

	/**
	 * Begin to shut down one connection gracefully. If its shutdown is under way already,
	 * an earlier deadline takes the place of a later one.
	 * @param id the identifier of the connection
	 * @param gracePeriod time after which everything that is still open is cut off,
	 * {@code null} for the grace period of the server's own shutdown
	 * @return whether there is such a connection; fails with a
	 * {@link java.util.concurrent.TimeoutException} if only a worker that is blocked may
	 * have it
	 */
	CompletableFuture<Boolean> shutDownConnection(String id, @Nullable Duration gracePeriod);

	/**
	 * Return the UDP port that the server listens on.
	 * @return the port, or {@code -1} if the server is not running
	 */
	@Override
	int getPort();

}
