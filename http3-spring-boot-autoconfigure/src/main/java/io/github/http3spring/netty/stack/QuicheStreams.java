package io.github.http3spring.netty.stack;

import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import org.jspecify.annotations.Nullable;

/**
 * Reaches what quiche still holds of a stream, and ends one as the codec has no way to.
 * All methods are called on the event loop of the channel.
 */
public final class QuicheStreams {

	private static final @Nullable QuicheMembers MEMBERS = QuicheMembers.FOUND;

	/**
	 * More urgent than any response.
	 */
	public static final int MOST_URGENT = -1;

	/**
	 * What makes an urgency of RFC 9218 one of quiche, for which streams without any have
	 * 127: so has the default of the RFC.
	 */
	private static final int URGENCY_OFFSET = 124;

	private QuicheStreams() {
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

	static void shutdown(QuicChannel channel, long streamId, boolean sending, int errorCode) {
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

}
