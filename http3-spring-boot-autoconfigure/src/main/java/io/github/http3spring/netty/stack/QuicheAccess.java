package io.github.http3spring.netty.stack;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionStats;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.incubator.codec.quic.QuicTransportError;
import org.jspecify.annotations.Nullable;

/**
 * Reaches what Netty's QUIC codec knows or does and has no public way to: what quiche
 * still holds of a stream or has in flight, the connection ids of a channel, the end of a
 * stream that was reset. Without these private parts {@link #AVAILABLE} is {@code false}.
 * All methods are called on the event loop of the channel.
 */
public final class QuicheAccess {

	private static final @Nullable QuicheMembers MEMBERS = QuicheMembers.find();

	/**
	 * Version of quiche, if it tells.
	 */
	public static final @Nullable String VERSION = (MEMBERS != null) ? MEMBERS.version() : null;

	/**
	 * Whether this version of the codec has what is read here.
	 */
	public static final boolean AVAILABLE = MEMBERS != null;

	/**
	 * Time until a timer that does not run.
	 */
	static final Duration NEVER = Duration.ofNanos(Long.MAX_VALUE);

	/**
	 * More urgent than any response.
	 */
	public static final int MOST_URGENT = -1;

	/**
	 * What makes an urgency of RFC 9218 one of quiche, for which streams without any have
	 * 127: so has the default of the RFC.
	 */
	private static final int URGENCY_OFFSET = 124;

	private QuicheAccess() {
	}

	/**
	 * Return whether something that was sent may not have been acknowledged. quiche has a
	 * timer then that fires after a probe timeout (RFC 9002 section 6.2), and otherwise
	 * none but that of the idle timeout.
	 * @param channel the connection
	 * @param probeTimeout a time longer than any probe timeout of a peer that answers,
	 * and shorter than the idle timeout
	 * @return {@code false} only if nothing is in flight
	 */
	public static boolean isInFlight(QuicChannel channel, Duration probeTimeout) {
		return MEMBERS == null || !channel.isActive() || timeout(channel).compareTo(probeTimeout) <= 0;
	}

	/**
	 * Return the time until quiche's next timer.
	 * @param channel the connection
	 * @return the time that is left, very long without a timer
	 */
	static Duration timeout(QuicChannel channel) {
		if (MEMBERS == null || !channel.isOpen()) {
			return NEVER;
		}
		try {
			long nanos = (long) MEMBERS.timeoutNanos().invokeExact((long) MEMBERS.address().invokeExact(channel));
			// An unsigned number: the largest one stands for no timer at all
			return (nanos < 0) ? NEVER : Duration.ofNanos(nanos);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the time until quiche's next timer, and keep the codec from noticing it, so
	 * that the caller does: see {@link #isProbeDue}.
	 * @param channel the connection
	 * @return the time that is left, very long without a timer
	 */
	public static Duration takeTimeout(QuicChannel channel) {
		cancelTimeout(channel);
		return timeout(channel);
	}

	private static void cancelTimeout(QuicChannel channel) {
		if (MEMBERS == null || !channel.isOpen()) {
			return;
		}
		try {
			MEMBERS.cancelTimeout().invokeExact(channel);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the timer of the codec.
	 * @param channel the connection
	 * @return the timer, {@code null} if none is running
	 */
	static @Nullable ScheduledFuture<?> timer(QuicChannel channel) {
		if (MEMBERS == null) {
			return null;
		}
		try {
			return (ScheduledFuture<?>) MEMBERS.timer().invokeExact(channel);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Let the codec take another timer for the one that is running.
	 * @param channel the connection
	 * @param timer the other one
	 */
	static void setTimer(QuicChannel channel, ScheduledFuture<?> timer) {
		if (MEMBERS == null) {
			return;
		}
		try {
			MEMBERS.setTimer().invokeExact(channel, timer);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Let quiche act on the timer that has fired, and return whether the next packet is a
	 * probe, for which the congestion window need not have room (RFC 9002 section 7.5).
	 * The timer may also have declared packets lost.
	 * @param channel the connection
	 * @return whether it is time for a probe
	 */
	public static boolean isProbeDue(QuicChannel channel) {
		if (MEMBERS == null || !channel.isOpen()) {
			return false;
		}
		QuicConnectionStats before = QuicStatistics.of(channel);
		try {
			MEMBERS.onTimeout().invokeExact((long) MEMBERS.address().invokeExact(channel));
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
		QuicConnectionStats after = QuicStatistics.of(channel);
		return before != null && after != null && before.lost() == after.lost();
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
	 * Return whether a request stream has reached both of its final states: everything
	 * received, and everything that was sent acknowledged by the peer (RFC 9000 section
	 * 3). Only then does quiche drop a stream.
	 * @param channel the connection
	 * @param streamId the identifier of a stream that has been open
	 * @return whether quiche has dropped the stream
	 */
	public static boolean isFinished(QuicChannel channel, long streamId) {
		return MEMBERS != null && capacity(channel, streamId) == MEMBERS.invalidStreamState();
	}

	/**
	 * Return whether the peer has asked for no response on a stream any more, of which
	 * the codec makes no event. If the request was complete, quiche is done with the
	 * stream then.
	 * @param channel the connection
	 * @param streamId the identifier of a stream whose response is not complete
	 * @return whether STOP_SENDING has arrived
	 */
	public static boolean isStopped(QuicChannel channel, long streamId) {
		if (MEMBERS == null) {
			return false;
		}
		long capacity = capacity(channel, streamId);
		return capacity == MEMBERS.streamStopped() || capacity == MEMBERS.invalidStreamState();
	}

	/**
	 * Return whether the peer has ended its side of a stream and no data is left to read:
	 * after a FIN because all was read, after a RESET_STREAM because quiche has dropped
	 * what was not. The end itself may still have to be read.
	 * @param channel the connection
	 * @param streamId the identifier of an open stream
	 * @return whether the stream is at the end of its data
	 */
	public static boolean isAtEnd(QuicChannel channel, long streamId) {
		if (MEMBERS == null || !channel.isActive()) {
			return false;
		}
		try {
			return (boolean) MEMBERS.streamFinished()
				.invokeExact((long) MEMBERS.address().invokeExact(channel), streamId);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Let a stream send before others, or after them.
	 * @param channel the connection
	 * @param streamId the identifier of an open stream
	 * @param urgency the urgency of RFC 9218, or {@link #MOST_URGENT}
	 * @param incremental whether streams of the same urgency take turns
	 */
	public static void prioritize(QuicChannel channel, long streamId, int urgency, boolean incremental) {
		if (MEMBERS == null || !channel.isActive()) {
			return;
		}
		try {
			int result = (int) MEMBERS.streamPriority()
				.invokeExact((long) MEMBERS.address().invokeExact(channel), streamId, (byte) (URGENCY_OFFSET + urgency),
						incremental);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return how many bytes the congestion window and flow control let a stream send.
	 * @param channel the connection
	 * @param streamId the identifier of an open stream
	 * @return the number of bytes, negative for an error
	 */
	public static long capacity(QuicChannel channel, long streamId) {
		if (MEMBERS == null) {
			return Long.MAX_VALUE;
		}
		try {
			return (long) MEMBERS.streamCapacity().invokeExact(channel, streamId);
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
	public static void reset(QuicChannel channel, long streamId, int errorCode) {
		shutdown(channel, streamId, true, errorCode);
	}

	/**
	 * Let quiche close a connection that the codec is about to close, and let no datagram
	 * and no timer reach it any more: when the timer of its draining period fires, the
	 * codec frees all that it holds at once. What follows sends CONNECTION_CLOSE, unless
	 * the peer has.
	 * @param channel a connection that is being closed, whose error code the codec knows;
	 * quiche knows it itself after an error that it has found
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
		cancelTimeout(channel);
		beginGathering(channel);
	}

	/**
	 * Free what was received on a stream and not read, if there is such a stream.
	 * @param channel a connection that was {@linkplain #closeForGood closed}
	 * @param streamId the identifier of a stream of the peer
	 */
	public static void discardReceived(QuicChannel channel, long streamId) {
		// The codec would act at once on a timer that is due
		cancelTimeout(channel);
		// Of the code nobody learns any more
		shutdown(channel, streamId, false, 0);
		cancelTimeout(channel);
	}

	private static void shutdown(QuicChannel channel, long streamId, boolean sending, int errorCode) {
		if (MEMBERS == null) {
			return;
		}
		try {
			MEMBERS.streamShutdown().invokeExact(channel, streamId, true, sending, errorCode, channel.newPromise());
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
	public static void withholdFin(QuicStreamChannel stream) {
		if (MEMBERS == null) {
			return;
		}
		try {
			MEMBERS.finSent().invokeExact(stream, true);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
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
