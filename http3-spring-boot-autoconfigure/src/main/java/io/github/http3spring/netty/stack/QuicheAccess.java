package io.github.http3spring.netty.stack;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicTransportError;
import org.jspecify.annotations.Nullable;

/**
 * Reaches what Netty's QUIC codec knows or does with a connection and has no public way
 * to: its connection ids, its end, what waits to be sent. {@link QuicheStreams} does so
 * with a stream, {@link QuicheTimers} with time. Without these private parts
 * {@link #AVAILABLE} is {@code false}. All methods are called on the event loop of the
 * channel.
 */
public final class QuicheAccess {

	private static final @Nullable QuicheMembers MEMBERS = QuicheMembers.FOUND;

	/**
	 * Version of quiche, if it tells.
	 */
	public static final @Nullable String VERSION = (MEMBERS != null) ? MEMBERS.version() : null;

	/**
	 * Whether this version of the codec has what is read here.
	 */
	public static final boolean AVAILABLE = MEMBERS != null;

	private QuicheAccess() {
	}

	/**
	 * Let CONNECTION_CLOSE be what quiche sends next. The connection takes nothing from
	 * the peer any more.
	 * @param channel the connection
	 * @param errorCode the error code of the application
	 */
	public static void close(QuicChannel channel, int errorCode) {
		close(channel, true, errorCode);
	}

	/**
	 * The same before the end of the handshake, when no error code of an application may
	 * be sent (RFC 9000 section 10.2.3). quiche sees to that itself unless there is early
	 * data. It would send the code in 1-RTT packets then, and if a probe is due in the
	 * handshake, acknowledgements without end before them.
	 * @param channel the connection
	 */
	public static void closeHandshake(QuicChannel channel) {
		close(channel, false, QuicTransportError.APPLICATION_ERROR.code());
	}

	private static void close(QuicChannel channel, boolean application, long errorCode) {
		if (MEMBERS == null || !channel.isOpen()) {
			return;
		}
		try {
			long address = (long) MEMBERS.address().invokeExact(channel);
			// An empty reason, at an address that is not null
			int result = (int) MEMBERS.close().invokeExact(address, application, errorCode, address, 0);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Let quiche close a connection that the codec is about to close, and let no datagram
	 * and no timer reach it any more: when the timer of its draining period fires, the
	 * codec frees all that it holds at once. What follows sends CONNECTION_CLOSE, unless
	 * the peer has.
	 * @param channel a connection that is being closed and has a {@link PostponedTimer},
	 * and whose error code the codec knows; quiche knows it itself after an error that it
	 * has found
	 */
	public static void closeForGood(QuicChannel channel) {
		if (MEMBERS == null) {
			return;
		}
		try {
			Object data = (Object) MEMBERS.closeData().invokeExact(channel);
			close(channel, data != null && (boolean) MEMBERS.closesApplication().invokeExact(data),
					(data != null) ? (int) MEMBERS.closeError().invokeExact(data) : 0);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
		connectionIds(channel).forEach((id) -> forget(channel, id));
		// The codec may be reading, and sets its timer again when it is done with that
		channel.eventLoop().execute(() -> silence(channel));
	}

	/**
	 * Keep what handlers still write from setting the timer.
	 */
	private static void silence(QuicChannel channel) {
		QuicheTimers.cancelTimeout(channel);
		beginGathering(channel);
	}

	/**
	 * Free what was received on a stream and not read, if there is such a stream.
	 * @param channel a connection that was {@linkplain #closeForGood closed}
	 * @param streamId the identifier of a stream of the peer
	 */
	public static void discardReceived(QuicChannel channel, long streamId) {
		// Of the code nobody learns any more
		QuicheStreams.shutdown(channel, streamId, false, 0);
		QuicheTimers.cancelTimeout(channel);
	}

	/**
	 * Look for streams that came in early data. The codec does when a packet arrives, but
	 * quiche cannot read one that arrives together with the first of its connection
	 * before the codec is done with all of them.
	 * @param channel a connection whose handshake may be under way
	 */
	public static void readEarlyData(QuicChannel channel) {
		try {
			if (MEMBERS != null) {
				MEMBERS.streamReadable().invokeExact(channel, true);
			}
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
		channel.read();
	}

	/**
	 * Let what is written to a connection wait, as it does while the codec reads from the
	 * socket.
	 * @param channel the connection
	 * @return whether {@link #endGathering} has to follow; not within a reading
	 */
	static boolean beginGathering(QuicChannel channel) {
		if (MEMBERS == null || !channel.isOpen()) {
			return false;
		}
		try {
			return (boolean) MEMBERS.beginReading().invokeExact(channel);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Send what was written.
	 * @param channel the connection
	 */
	static void endGathering(QuicChannel channel) {
		if (MEMBERS == null) {
			return;
		}
		try {
			MEMBERS.endReading().invokeExact(channel);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Find the connection that the codec maps a connection id to.
	 * @param pipeline the pipeline of the datagram channel
	 * @param id a connection id
	 * @return the connection, if there is one
	 */
	public static @Nullable QuicChannel find(ChannelPipeline pipeline, ByteBuffer id) {
		ChannelHandler codec = codec(pipeline);
		if (MEMBERS == null || codec == null) {
			return null;
		}
		try {
			return (QuicChannel) MEMBERS.channel().invokeExact(codec, id);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static @Nullable ChannelHandler codec(ChannelPipeline pipeline) {
		return (MEMBERS != null) ? pipeline.get(MEMBERS.codec()) : null;
	}

	/**
	 * Let the codec map a connection id to its connection no longer.
	 * @param channel the connection
	 * @param id one of its connection ids
	 */
	@SuppressWarnings("unchecked")
	public static void forget(QuicChannel channel, ByteBuffer id) {
		ChannelHandler codec = codec(channel.parent().pipeline());
		if (MEMBERS == null || codec == null) {
			return;
		}
		try {
			if (((Set<ByteBuffer>) MEMBERS.sourceConnectionIds().invokeExact(channel)).remove(id)) {
				MEMBERS.removeMapping().invokeExact(codec, channel, id);
			}
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the connection ids with which the peer can address a connection, including
	 * the one that the client chose for its first flight.
	 * @param channel the connection
	 * @return a copy of the connection ids
	 */
	@SuppressWarnings("unchecked")
	public static Set<ByteBuffer> connectionIds(QuicChannel channel) {
		if (MEMBERS == null) {
			return Set.of();
		}
		try {
			return new HashSet<>((Set<ByteBuffer>) MEMBERS.sourceConnectionIds().invokeExact(channel));
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

}
