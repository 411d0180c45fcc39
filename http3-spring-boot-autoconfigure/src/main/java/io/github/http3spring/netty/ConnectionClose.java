package io.github.http3spring.netty;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.Unpooled;
import io.netty.incubator.codec.http3.Http3;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicStreamChannel;

/**
 * Sends the CONNECTION_CLOSE of a graceful shutdown so that the peer sees it. Confined to
 * the event loop of the connection.
 * <p>
 * quiche sends it only within the congestion window, which is full when a response was
 * cut off. It empties within a round trip, because nothing more is sent; if
 * acknowledgements are lost, the next probe may leave regardless of it (RFC 9002 section
 * 7.5), and the close goes into that.
 */
final class ConnectionClose {

	/**
	 * Room for the resets of all request streams, a GOAWAY and a CONNECTION_CLOSE, in
	 * bytes.
	 */
	private static final long ROOM_TO_CLOSE = 2 * QuicSettings.DEFAULT_SEND_UDP_PAYLOAD;

	/**
	 * Room for a CONNECTION_CLOSE alone, in bytes: after much loss the window is so small
	 * that it is full with what goes before. Then the close, which resets the streams too
	 * (RFC 9000 section 10.2), is what counts.
	 */
	private static final long LEAST_ROOM_TO_CLOSE = 100;

	private static final int NO_ERROR = Http3ErrorCode.H3_NO_ERROR.code();

	private final QuicChannel channel;

	private final Runnable gone;

	/**
	 * Prepare to close a connection.
	 * @param channel the connection
	 * @param gone called if it has ended by itself before
	 */
	ConnectionClose(QuicChannel channel, Runnable gone) {
		this.channel = channel;
		this.gone = gone;
	}

	/**
	 * Send it at once.
	 */
	void send() {
		if (this.channel.isOpen()) {
			this.channel.close(true, NO_ERROR, Unpooled.EMPTY_BUFFER);
		}
		else {
			this.gone.run();
		}
	}

	/**
	 * Send it as soon as the congestion window has room. A peer that has vanished is not
	 * waited for.
	 */
	void sendWithRoom() {
		QuicStreamChannel controlStream = Http3.getLocalControlStream(this.channel);
		if (controlStream == null) {
			send();
			return;
		}
		Duration interval = PathTiming.checkInterval(PathTiming.roundTripTime(this.channel));
		awaitRoom(controlStream, interval, System.nanoTime());
	}

	private void awaitRoom(QuicStreamChannel controlStream, Duration interval, long start) {
		Duration waited = Duration.ofNanos(System.nanoTime() - start);
		long room = room(controlStream);
		if (!this.channel.isOpen() || room >= ROOM_TO_CLOSE) {
			send();
			return;
		}
		boolean late = waited.compareTo(PathTiming.MAX_WAIT_FOR_ROOM.dividedBy(2)) > 0;
		if (late && (room >= LEAST_ROOM_TO_CLOSE || waited.compareTo(PathTiming.MAX_WAIT_FOR_ROOM) >= 0)) {
			sendAlone();
			return;
		}
		Duration untilTimeout = QuicheAccess.takeTimeout(this.channel);
		if (untilTimeout.isZero() && QuicheAccess.isProbeDue(this.channel)) {
			sendAlone();
			return;
		}
		Duration pause = (untilTimeout.isZero() || interval.compareTo(untilTimeout) < 0) ? interval : untilTimeout;
		this.channel.eventLoop()
			.schedule(() -> awaitRoom(controlStream, interval, start), pause.toNanos(), TimeUnit.NANOSECONDS);
	}

	/**
	 * Return how many bytes the congestion window has room for. While a probe is due
	 * quiche calls the room unlimited, and goes on to when the probe has left.
	 */
	private long room(QuicStreamChannel controlStream) {
		long capacity = QuicheAccess.capacity(this.channel, controlStream.streamId());
		boolean known = !QuicheAccess.AVAILABLE || capacity <= PathTiming.congestionWindow(this.channel);
		return known ? capacity : 0;
	}

	/**
	 * Send it before all else that waits to be sent.
	 */
	private void sendAlone() {
		QuicheAccess.close(this.channel, NO_ERROR);
		send();
	}

}
