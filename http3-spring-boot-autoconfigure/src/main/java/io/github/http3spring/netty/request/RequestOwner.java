package io.github.http3spring.netty.request;

import java.time.Duration;
import java.util.function.Supplier;

import io.github.http3spring.netty.protocol.FrameLimit;
import io.github.http3spring.server.OpenRequestSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * What a request needs of its connection, and tells it. Confined to the event loop of the
 * connection.
 */
public interface RequestOwner extends FrameLimit {

	/**
	 * Return what keeps account of the bytes that wait to be sent.
	 */
	UnsentData unsentData();

	/**
	 * Note that something of a request was read.
	 */
	void delivered(long bytes);

	boolean isShuttingDown();

	/**
	 * Return the time after which a request is rejected whose header section is not
	 * there, empty as long as it may take any time.
	 */
	@Nullable Duration headersTime();

	/**
	 * Note that a request has ended.
	 * @param end how
	 * @param description describes the request
	 */
	void requestEnded(RequestEnd end, Supplier<OpenRequestSnapshot> description);

	/**
	 * Note that the client has reset, stopped or malformed a request.
	 */
	void requestAbandoned();

	/**
	 * Note that open requests are looked at, once a second.
	 */
	void requestsLookedAt();

	/**
	 * Note that the client was asked not to send the rest of a request.
	 */
	void requestStopped(long streamId);

}
