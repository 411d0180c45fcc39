package io.github.http3spring.netty;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

import io.netty.channel.ChannelPromise;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import org.jspecify.annotations.Nullable;

/**
 * Reaches what Netty's QUIC codec knows and does not tell: whether quiche still holds a
 * stream, and the connection ids of a channel. The only place that reaches into the
 * codec's private parts; without them {@link #AVAILABLE} is {@code false}. All methods
 * are called on the event loop of the channel.
 */
final class QuicheAccess {

	private static final String QUICHE_CHANNEL = "io.netty.incubator.codec.quic.QuicheQuicChannel";

	private static final String QUICHE_STREAM = "io.netty.incubator.codec.quic.QuicheQuicStreamChannel";

	private static final String QUICHE = "io.netty.incubator.codec.quic.Quiche";

	private static final @Nullable MethodHandle STREAM_CAPACITY;

	private static final @Nullable MethodHandle STREAM_SHUTDOWN;

	private static final @Nullable MethodHandle SOURCE_CONNECTION_IDS;

	private static final @Nullable MethodHandle FIN_SENT;

	/**
	 * Version of quiche, if it tells.
	 */
	static final @Nullable String VERSION;

	/**
	 * What quiche answers when asked for a stream that it holds no longer.
	 */
	private static final long INVALID_STREAM_STATE;

	/**
	 * What quiche answers when asked for the capacity of a stream after STOP_SENDING.
	 */
	private static final long STREAM_STOPPED;

	/**
	 * Whether this version of the codec has what is read here.
	 */
	static final boolean AVAILABLE;

	static {
		MethodHandle streamCapacity = null;
		MethodHandle streamShutdown = null;
		MethodHandle sourceConnectionIds = null;
		MethodHandle finSent = null;
		long invalidStreamState = 0;
		long streamStopped = 0;
		String version = null;
		try {
			ClassLoader classLoader = QuicChannel.class.getClassLoader();
			Class<?> channelType = Class.forName(QUICHE_CHANNEL, false, classLoader);
			MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(channelType, MethodHandles.lookup());
			streamCapacity = lookup
				.findVirtual(channelType, "streamCapacity", MethodType.methodType(long.class, long.class))
				.asType(MethodType.methodType(long.class, QuicChannel.class, long.class));
			streamShutdown = lookup
				.findVirtual(channelType, "streamShutdown",
						MethodType.methodType(void.class, long.class, boolean.class, boolean.class, int.class,
								ChannelPromise.class))
				.asType(MethodType.methodType(void.class, QuicChannel.class, long.class, boolean.class, boolean.class,
						int.class, ChannelPromise.class));
			sourceConnectionIds = lookup
				.findVirtual(channelType, "sourceConnectionIds", MethodType.methodType(Set.class))
				.asType(MethodType.methodType(Set.class, QuicChannel.class));
			Class<?> streamType = Class.forName(QUICHE_STREAM, false, classLoader);
			finSent = MethodHandles.privateLookupIn(streamType, MethodHandles.lookup())
				.findSetter(streamType, "finSent", boolean.class)
				.asType(MethodType.methodType(void.class, QuicStreamChannel.class, boolean.class));
			Class<?> quiche = Class.forName(QUICHE, true, classLoader);
			MethodHandles.Lookup constants = MethodHandles.privateLookupIn(quiche, MethodHandles.lookup());
			invalidStreamState = (int) constants.findStaticGetter(quiche, "QUICHE_ERR_INVALID_STREAM_STATE", int.class)
				.invoke();
			version = (String) constants.findStatic(quiche, "quiche_version", MethodType.methodType(String.class))
				.invoke();
			streamStopped = (int) constants.findStaticGetter(quiche, "QUICHE_ERR_STREAM_STOPPED", int.class).invoke();
		}
		catch (Throwable ex) {
			// Another version of the codec: the server warns and does without
			streamCapacity = null;
		}
		STREAM_CAPACITY = streamCapacity;
		STREAM_SHUTDOWN = streamShutdown;
		SOURCE_CONNECTION_IDS = sourceConnectionIds;
		FIN_SENT = finSent;
		INVALID_STREAM_STATE = invalidStreamState;
		STREAM_STOPPED = streamStopped;
		VERSION = version;
		AVAILABLE = streamCapacity != null;
	}

	private QuicheAccess() {
	}

	/**
	 * Return whether a request stream has reached both of its final states: everything
	 * received, and everything that was sent acknowledged by the peer (RFC 9000 section
	 * 3). Only then does quiche drop a stream.
	 * @param channel the connection
	 * @param streamId the identifier of a stream that has been open
	 * @return whether quiche has dropped the stream
	 */
	static boolean isFinished(QuicChannel channel, long streamId) {
		return AVAILABLE && capacity(channel, streamId) == INVALID_STREAM_STATE;
	}

	/**
	 * Return whether the peer has asked for no response on a stream any more, of which
	 * the codec makes no event. If the request was complete, quiche is done with the
	 * stream then.
	 * @param channel the connection
	 * @param streamId the identifier of a stream whose response is not complete
	 * @return whether STOP_SENDING has arrived
	 */
	static boolean isStopped(QuicChannel channel, long streamId) {
		long capacity = AVAILABLE ? capacity(channel, streamId) : 0;
		return AVAILABLE && (capacity == STREAM_STOPPED || capacity == INVALID_STREAM_STATE);
	}

	/**
	 * Return how many bytes the congestion window and flow control let a stream send.
	 * @param channel the connection
	 * @param streamId the identifier of an open stream
	 * @return the number of bytes, negative for an error
	 */
	static long capacity(QuicChannel channel, long streamId) {
		if (STREAM_CAPACITY == null) {
			return Long.MAX_VALUE;
		}
		try {
			return (long) STREAM_CAPACITY.invokeExact(channel, streamId);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Reset a stream whose channel is closed already, while its last bytes are on their
	 * way.
	 * @param channel the connection
	 * @param streamId the identifier of the stream
	 * @param errorCode the code of the RESET_STREAM frame
	 */
	static void reset(QuicChannel channel, long streamId, int errorCode) {
		if (STREAM_SHUTDOWN == null) {
			return;
		}
		try {
			STREAM_SHUTDOWN.invokeExact(channel, streamId, true, true, errorCode, channel.newPromise());
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Keep the codec from sending a FIN when it closes a stream that was reset: if the
	 * packet with the RESET_STREAM frame is lost, the response would look whole.
	 * @param stream the stream
	 */
	static void withholdFin(QuicStreamChannel stream) {
		if (!AVAILABLE || FIN_SENT == null) {
			return;
		}
		try {
			FIN_SENT.invokeExact(stream, true);
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
	static Set<ByteBuffer> connectionIds(QuicChannel channel) {
		if (SOURCE_CONNECTION_IDS == null) {
			return Set.of();
		}
		try {
			return new HashSet<>((Set<ByteBuffer>) SOURCE_CONNECTION_IDS.invokeExact(channel));
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

}
