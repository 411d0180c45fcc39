package io.github.http3spring.netty.stack;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPromise;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import org.jspecify.annotations.Nullable;

/**
 * Private members of the codec. A record, because the virtual machine takes what is in a
 * constant of such a type for constant too.
 *
 * @param streamCapacity asks quiche how much a stream may send
 * @param streamShutdown ends one or both sides of a stream
 * @param finSent sets whether a stream channel has sent its FIN
 * @param streamReadable sets whether a connection looks for readable streams
 * @param sourceConnectionIds returns the connection ids of a channel
 * @param cancelTimeout keeps a channel from noticing that quiche's timer fires
 * @param timer returns the timer of a channel, if one is running
 * @param setTimer sets that
 * @param address returns the address of quiche's connection, which must not be freed
 * @param timeoutNanos asks quiche for its next timer
 * @param onTimeout lets quiche look at its timers
 * @param close lets quiche close a connection
 * @param closeData returns with what a connection is being closed, if that was said
 * @param closesApplication returns whether the error code of that is of an application
 * @param closeError returns that error code
 * @param streamFinished asks quiche whether all data of a stream was read
 * @param streamPriority sets the priority of a stream; the codec's own way knows only
 * half of them
 * @param invalidStreamState what quiche answers when asked for the capacity of a stream
 * that it holds no longer
 * @param streamStopped what it answers after STOP_SENDING
 * @param codec the type of the codec
 * @param channel finds the connection of a connection id
 * @param removeMapping lets a connection be found no longer
 * @param beginReading lets what is written to a connection wait for the end of a reading
 * @param endReading sends what has been written meanwhile
 * @param version the version of quiche
 */
record QuicheMembers(MethodHandle streamCapacity, MethodHandle streamShutdown, MethodHandle finSent,
		MethodHandle streamReadable, MethodHandle sourceConnectionIds, MethodHandle cancelTimeout, MethodHandle timer,
		MethodHandle setTimer, MethodHandle address, MethodHandle timeoutNanos, MethodHandle onTimeout,
		MethodHandle close, MethodHandle closeData, MethodHandle closesApplication, MethodHandle closeError,
		MethodHandle streamFinished, MethodHandle streamPriority, long invalidStreamState, long streamStopped,
		Class<? extends ChannelHandler> codec, MethodHandle channel, MethodHandle removeMapping,
		MethodHandle beginReading, MethodHandle endReading, String version) {

	/**
	 * The members of the codec that is there, {@code null} if one of them is missing.
	 */
	static final @Nullable QuicheMembers FOUND = find();

	private static final String PACKAGE = "io.netty.incubator.codec.quic.";

	private static final String TIMEOUT_HANDLER = "QuicheQuicChannel$TimeoutHandler";

	private static @Nullable QuicheMembers find() {
		try {
			Class<?> channel = type("QuicheQuicChannel");
			Class<?> stream = type("QuicheQuicStreamChannel");
			Class<?> closeData = type("QuicheQuicChannel$CloseData");
			Class<?> quiche = type("Quiche");
			Class<? extends ChannelHandler> codec = type("QuicheQuicCodec").asSubclass(ChannelHandler.class);
			Lookup channelLookup = lookup(channel);
			Lookup quicheLookup = lookup(quiche);
			return new QuicheMembers(
					channelLookup.findVirtual(channel, "streamCapacity", MethodType.methodType(long.class, long.class))
						.asType(MethodType.methodType(long.class, QuicChannel.class, long.class)),
					channelLookup
						.findVirtual(channel, "streamShutdown",
								MethodType.methodType(void.class, long.class, boolean.class, boolean.class, int.class,
										ChannelPromise.class))
						.asType(MethodType.methodType(void.class, QuicChannel.class, long.class, boolean.class,
								boolean.class, int.class, ChannelPromise.class)),
					lookup(stream).findSetter(stream, "finSent", boolean.class)
						.asType(MethodType.methodType(void.class, QuicStreamChannel.class, boolean.class)),
					channelLookup.findSetter(channel, "streamReadable", boolean.class)
						.asType(MethodType.methodType(void.class, QuicChannel.class, boolean.class)),
					channelLookup.findVirtual(channel, "sourceConnectionIds", MethodType.methodType(Set.class))
						.asType(MethodType.methodType(Set.class, QuicChannel.class)),
					cancelTimeout(channelLookup, channel), timer(channelLookup, channel),
					setTimer(channelLookup, channel), address(channelLookup, channel),
					quicheLookup.findStatic(quiche, "quiche_conn_timeout_as_nanos",
							MethodType.methodType(long.class, long.class)),
					quicheLookup.findStatic(quiche, "quiche_conn_on_timeout",
							MethodType.methodType(void.class, long.class)),
					quicheLookup.findStatic(quiche, "quiche_conn_close",
							MethodType.methodType(int.class, long.class, boolean.class, long.class, long.class,
									int.class)),
					channelLookup.findGetter(channel, "closeData", closeData)
						.asType(MethodType.methodType(Object.class, QuicChannel.class)),
					lookup(closeData).findGetter(closeData, "applicationClose", boolean.class)
						.asType(MethodType.methodType(boolean.class, Object.class)),
					lookup(closeData).findGetter(closeData, "err", int.class)
						.asType(MethodType.methodType(int.class, Object.class)),
					quicheLookup.findStatic(quiche, "quiche_conn_stream_finished",
							MethodType.methodType(boolean.class, long.class, long.class)),
					quicheLookup.findStatic(quiche, "quiche_conn_stream_priority",
							MethodType.methodType(int.class, long.class, long.class, byte.class, boolean.class)),
					constant(quicheLookup, quiche, "QUICHE_ERR_INVALID_STREAM_STATE"),
					constant(quicheLookup, quiche, "QUICHE_ERR_STREAM_STOPPED"), codec,
					lookup(codec).findVirtual(codec, "getChannel", MethodType.methodType(channel, ByteBuffer.class))
						.asType(MethodType.methodType(QuicChannel.class, ChannelHandler.class, ByteBuffer.class)),
					lookup(codec)
						.findVirtual(codec, "removeMapping",
								MethodType.methodType(void.class, channel, ByteBuffer.class))
						.asType(MethodType.methodType(void.class, ChannelHandler.class, QuicChannel.class,
								ByteBuffer.class)),
					channelLookup
						.findVirtual(channel, "markInFireChannelReadCompleteQueue",
								MethodType.methodType(boolean.class))
						.asType(MethodType.methodType(boolean.class, QuicChannel.class)),
					channelLookup.findVirtual(channel, "recvComplete", MethodType.methodType(void.class))
						.asType(MethodType.methodType(void.class, QuicChannel.class)),
					(String) quicheLookup.findStatic(quiche, "quiche_version", MethodType.methodType(String.class))
						.invoke());
		}
		catch (Throwable ex) {
			// Another version of the codec: the server warns and does without
			return null;
		}
	}

	private static Class<?> type(String name) throws ClassNotFoundException {
		return Class.forName(PACKAGE + name, true, QuicChannel.class.getClassLoader());
	}

	private static Lookup lookup(Class<?> type) throws IllegalAccessException {
		return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
	}

	private static long constant(Lookup lookup, Class<?> type, String name) throws Throwable {
		return (int) lookup.findStaticGetter(type, name, int.class).invoke();
	}

	private static MethodHandle address(Lookup lookup, Class<?> channel) throws ReflectiveOperationException {
		Class<?> connection = type("QuicheQuicConnection");
		MethodHandle address = lookup.findVirtual(connection, "address", MethodType.methodType(long.class));
		return MethodHandles.filterReturnValue(lookup.findGetter(channel, "connection", connection), address)
			.asType(MethodType.methodType(long.class, QuicChannel.class));
	}

	private static MethodHandle cancelTimeout(Lookup lookup, Class<?> channel) throws ReflectiveOperationException {
		Class<?> handler = type(TIMEOUT_HANDLER);
		MethodHandle cancel = lookup(handler).findVirtual(handler, "cancel", MethodType.methodType(void.class));
		return MethodHandles.filterReturnValue(timeoutHandler(lookup, channel), cancel)
			.asType(MethodType.methodType(void.class, QuicChannel.class));
	}

	private static MethodHandle timer(Lookup lookup, Class<?> channel) throws ReflectiveOperationException {
		Class<?> handler = type(TIMEOUT_HANDLER);
		MethodHandle timer = lookup(handler).findGetter(handler, "timeoutFuture", ScheduledFuture.class);
		return MethodHandles.filterReturnValue(timeoutHandler(lookup, channel), timer)
			.asType(MethodType.methodType(ScheduledFuture.class, QuicChannel.class));
	}

	private static MethodHandle setTimer(Lookup lookup, Class<?> channel) throws ReflectiveOperationException {
		Class<?> handler = type(TIMEOUT_HANDLER);
		MethodHandle setTimer = lookup(handler).findSetter(handler, "timeoutFuture", ScheduledFuture.class);
		return MethodHandles.filterArguments(setTimer, 0, timeoutHandler(lookup, channel))
			.asType(MethodType.methodType(void.class, QuicChannel.class, ScheduledFuture.class));
	}

	private static MethodHandle timeoutHandler(Lookup lookup, Class<?> channel) throws ReflectiveOperationException {
		return lookup.findGetter(channel, "timeoutHandler", type(TIMEOUT_HANDLER));
	}

}
