package io.github.http3spring.netty.connection;

import java.net.SocketAddress;
import java.time.Duration;

import io.github.http3spring.shutdown.ConnectionOutcome;
import io.github.http3spring.shutdown.ConnectionState;
import org.jspecify.annotations.Nullable;

/**
 * What happens on a connection, each told once. Log, counters and statistics listen, each
 * to what it is interested in. Called on the event loop of the connection.
 */
public interface ConnectionEvents {

	/**
	 * The first packet has arrived.
	 */
	default void accepted(@Nullable SocketAddress peer) {
	}

	/**
	 * The connection was refused in answer to its first packet.
	 * @param reason why, in words
	 */
	default void refused(SocketAddress peer, String reason) {
	}

	/**
	 * The handshake is done.
	 * @param age the time since the first packet
	 */
	default void handshakeDone(Duration age) {
	}

	/**
	 * The handshake was given up, because it was not done in time.
	 */
	default void handshakeGivenUp() {
	}

	/**
	 * The address of the client has changed.
	 */
	default void moved(@Nullable SocketAddress peer) {
	}

	/**
	 * The path has ceased to carry large datagrams.
	 */
	default void blackHoleFound() {
	}

	default void requestAccepted() {
	}

	default void requestRejected(long streamId) {
	}

	/**
	 * A request has ended. If the connection was in {@link ConnectionState#CLOSING} or
	 * {@link ConnectionState#CLOSED}, it is among the lost ones.
	 * @param streamId the identifier of its stream
	 * @param successful whether the whole response was handed to the transport
	 * @param state how far the connection was
	 * @param open the number of requests that are left
	 */
	default void requestEnded(long streamId, boolean successful, ConnectionState state, int open) {
	}

	/**
	 * Requests were lost because of how the connection ends.
	 * @param requests the number of requests that were open
	 * @param responses the number of responses that the peer has not acknowledged
	 */
	default void requestsLost(int requests, int responses) {
	}

	/**
	 * The client makes more work in a second than it may.
	 * @param load by what
	 */
	default void excessiveLoad(ExcessiveLoad load) {
	}

	/**
	 * A GOAWAY frame was sent.
	 * @param streamId the identifier that it carries
	 * @param open the number of requests that are being served
	 */
	default void goAwaySent(long streamId, int open) {
	}

	/**
	 * All requests have ended, and the peer has to acknowledge and read the rest.
	 */
	default void flushing(int undelivered, Duration timeToRead) {
	}

	default void keptAlive() {
	}

	/**
	 * What is open is cut off.
	 */
	default void timeIsOver(int open, int undelivered) {
	}

	/**
	 * CONNECTION_CLOSE was sent.
	 * @param outcome how the connection ends, {@code null} if the peer has broken the
	 * protocol
	 */
	default void closeSent(@Nullable ConnectionOutcome outcome) {
	}

	/**
	 * CONNECTION_CLOSE was received.
	 * @param application whether the code is one of HTTP/3, not of QUIC
	 * @param errorCode the error code
	 */
	default void closeReceived(boolean application, int errorCode) {
	}

	default void closingPeriodOver() {
	}

	/**
	 * Nothing is left of the connection.
	 * @param outcome how it has ended
	 * @param age the time since the first packet
	 * @param requests the number of requests that were accepted
	 */
	default void ended(ConnectionOutcome outcome, Duration age, long requests) {
	}

}
