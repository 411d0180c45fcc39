package io.github.http3spring.netty;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPromise;
import io.netty.incubator.codec.quic.QuicChannel;
import org.jspecify.annotations.Nullable;

/**
 * Reaches what Netty's QUIC codec knows and does not tell: whether quiche still holds a
 * stream, and the connection ids of a channel; and makes it look for early data and
 * announce tokens of stateless resets. The only place that reaches into the codec's
 * private parts; without them {@link #AVAILABLE} is {@code false}. All methods are called
 * on the event loop of the channel.
 */
final class QuicheAccess {

	private static final String QUICHE_CHANNEL = "io.netty.incubator.codec.quic.QuicheQuicChannel";

	private static final String QUICHE_CONNECTION = "io.netty.incubator.codec.quic.QuicheQuicConnection";

	private static final String CODEC = "io.netty.incubator.codec.quic.QuicheQuicCodec";

	private static final String SERVER_CODEC = "io.netty.incubator.codec.quic.QuicheQuicServerCodec";

	private static final String QUICHE = "io.netty.incubator.codec.quic.Quiche";

	private static final @Nullable MethodHandle STREAM_CAPACITY;

	private static final @Nullable MethodHandle STREAM_SHUTDOWN;

	private static final @Nullable MethodHandle SOURCE_CONNECTION_IDS;

	private static final @Nullable MethodHandle TIMEOUT_NANOS;

	private static final @Nullable MethodHandle STREAM_READABLE;

	private static final @Nullable MethodHandle CONFIG;

	private static final @Nullable MethodHandle CONFIG_ADDRESS;

	private static final @Nullable MethodHandle SET_STATELESS_RESET_TOKEN;

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
		MethodHandle timeoutNanos = null;
		MethodHandle streamReadable = null;
		MethodHandle config = null;
		MethodHandle configAddress = null;
		MethodHandle setStatelessResetToken = null;
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
			streamReadable = lookup.findSetter(channelType, "streamReadable", boolean.class)
				.asType(MethodType.methodType(void.class, QuicChannel.class, boolean.class));
			Class<?> quiche = Class.forName(QUICHE, true, classLoader);
			MethodHandles.Lookup constants = MethodHandles.privateLookupIn(quiche, MethodHandles.lookup());
			Class<?> codec = Class.forName(CODEC, false, classLoader);
			MethodHandles.Lookup codecLookup = MethodHandles.privateLookupIn(codec, MethodHandles.lookup());
			Class<?> configType = codec.getDeclaredField("config").getType();
			config = codecLookup.findGetter(codec, "config", configType)
				.asType(MethodType.methodType(Object.class, Object.class));
			configAddress = codecLookup.findVirtual(configType, "nativeAddress", MethodType.methodType(long.class))
				.asType(MethodType.methodType(long.class, Object.class));
			setStatelessResetToken = constants.findStatic(quiche, "quiche_config_set_stateless_reset_token",
					MethodType.methodType(void.class, long.class, byte[].class));
			invalidStreamState = (int) constants.findStaticGetter(quiche, "QUICHE_ERR_INVALID_STREAM_STATE", int.class)
				.invoke();
			version = (String) constants.findStatic(quiche, "quiche_version", MethodType.methodType(String.class))
				.invoke();
			timeoutNanos = timeoutNanos(lookup, channelType, constants, quiche, classLoader);
			streamStopped = (int) constants.findStaticGetter(quiche, "QUICHE_ERR_STREAM_STOPPED", int.class).invoke();
		}
		catch (Throwable ex) {
			// Another version of the codec: the server warns and does without
			streamCapacity = null;
		}
		STREAM_CAPACITY = streamCapacity;
		STREAM_SHUTDOWN = streamShutdown;
		SOURCE_CONNECTION_IDS = sourceConnectionIds;
		TIMEOUT_NANOS = timeoutNanos;
		STREAM_READABLE = streamReadable;
		CONFIG = config;
		CONFIG_ADDRESS = configAddress;
		SET_STATELESS_RESET_TOKEN = setStatelessResetToken;
		INVALID_STREAM_STATE = invalidStreamState;
		STREAM_STOPPED = streamStopped;
		VERSION = version;
		AVAILABLE = streamCapacity != null;
	}

	private QuicheAccess() {
	}

	private static MethodHandle timeoutNanos(MethodHandles.Lookup lookup, Class<?> channelType,
			MethodHandles.Lookup constants, Class<?> quiche, ClassLoader classLoader)
			throws ReflectiveOperationException {
		Class<?> connectionType = Class.forName(QUICHE_CONNECTION, false, classLoader);
		MethodHandle connection = lookup.findGetter(channelType, "connection", connectionType);
		MethodHandle address = lookup.findVirtual(connectionType, "address", MethodType.methodType(long.class));
		MethodHandle timeout = constants.findStatic(quiche, "quiche_conn_timeout_as_nanos",
				MethodType.methodType(long.class, long.class));
		return MethodHandles.filterReturnValue(MethodHandles.filterReturnValue(connection, address), timeout)
			.asType(MethodType.methodType(long.class, QuicChannel.class));
	}

	/**
	 * Return whether something that was sent may not have been acknowledged. quiche has a
	 * timer then that fires after a probe timeout (RFC 9002 section 6.2), and otherwise
	 * none but that of the idle timeout.
	 * @param channel the connection, which is active
	 * @param probeTimeout a time longer than any probe timeout of a peer that answers,
	 * and shorter than the idle timeout
	 * @return {@code false} only if nothing is in flight
	 */
	static boolean isInFlight(QuicChannel channel, Duration probeTimeout) {
		if (TIMEOUT_NANOS == null || !channel.isActive()) {
			return true;
		}
		try {
			long nanos = (long) TIMEOUT_NANOS.invokeExact(channel);
			// An unsigned number: the largest one stands for no timer at all
			return nanos >= 0 && nanos <= probeTimeout.toNanos();
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
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
	 * Set the token that a connection which is about to be created tells its client (RFC
	 * 9000 section 18.2). The codec has one for all connections, which each client could
	 * end the others with.
	 * @param channel the connection
	 * @param token the token
	 */
	static void setStatelessResetToken(QuicChannel channel, byte[] token) {
		if (CONFIG == null || CONFIG_ADDRESS == null || SET_STATELESS_RESET_TOKEN == null) {
			return;
		}
		for (Map.Entry<String, ChannelHandler> handler : channel.parent().pipeline()) {
			if (handler.getValue().getClass().getName().equals(SERVER_CODEC)) {
				try {
					Object config = (Object) CONFIG.invokeExact((Object) handler.getValue());
					SET_STATELESS_RESET_TOKEN.invokeExact((long) CONFIG_ADDRESS.invokeExact(config), token);
				}
				catch (Throwable ex) {
					throw new IllegalStateException(ex);
				}
			}
		}
	}

	/**
	 * Look for streams that came in early data. The codec does when a packet arrives, but
	 * quiche cannot read one that arrives together with the first of its connection
	 * before the codec is done with all of them.
	 * @param channel a connection whose handshake may be under way
	 */
	static void readEarlyData(QuicChannel channel) {
		if (STREAM_READABLE != null) {
			try {
				STREAM_READABLE.invokeExact(channel, true);
			}
			catch (Throwable ex) {
				throw new IllegalStateException(ex);
			}
		}
		channel.read();
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
