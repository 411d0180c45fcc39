package io.github.http3spring.netty.request;

import java.time.Duration;
import java.util.function.LongSupplier;

import io.github.http3spring.netty.stack.QuicheStreams;
import io.github.http3spring.shutdown.ResponsePace;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.incubator.codec.quic.DefaultQuicStreamFrame;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.incubator.codec.quic.QuicTransportParameters;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import reactor.netty.channel.AbortedException;

/**
 * The outgoing side of a {@link RequestStream}: sends what was written since the last
 * flush as one piece, the end of the response together with its last bytes, and lets no
 * truncated response look like a whole one. Confined to the event loop of the connection.
 * <p>
 * The end of the stream travels with bytes for a reason: quiche forgets a stream once all
 * of its bytes are acknowledged, even if the packet with a FIN of its own was lost.
 */
final class OutgoingResponse {

	/**
	 * Most bytes to hold back for a flush.
	 */
	private static final int MAX_GATHERED_BYTES = UnsentData.MAX_PIECE;

	private final Owner owner;

	private final UnsentData unsentData;

	private final QuicStreamChannel stream;

	private final LongSupplier clock;

	private final GatheredWrites gathered = new GatheredWrites();

	private @Nullable ChannelPromise deferredClose;

	private boolean ending;

	private boolean writing;

	private boolean handingOver;

	private @Nullable ChannelFuture end;

	private long startedAt;

	private long bytes;

	private @Nullable ResponsePace pace;

	/**
	 * Create the response to a request that has just arrived.
	 * @param stream the stream
	 * @param unsentData what keeps account of the bytes that wait to be sent
	 * @param owner the request
	 * @param clock the time in nanoseconds
	 */
	OutgoingResponse(QuicStreamChannel stream, UnsentData unsentData, Owner owner, LongSupplier clock) {
		this.owner = owner;
		this.unsentData = unsentData;
		this.stream = stream;
		this.clock = clock;
	}

	/**
	 * Note that what is written until the next flush is the end of the response.
	 * @param ending {@code false} if that could not be written
	 */
	void setEnding(boolean ending) {
		this.ending = ending;
	}

	boolean isEnding() {
		return this.ending;
	}

	/**
	 * Return whether the whole response was handed to the transport.
	 */
	boolean isSent() {
		return this.end != null && this.end.isSuccess();
	}

	/**
	 * Return the number of bytes that were handed to the transport.
	 */
	long bytes() {
		return this.bytes;
	}

	/**
	 * Return how long the client still has to read the response.
	 * @return the time, {@code null} if nothing is known of the pace of the client
	 */
	@Nullable Duration timeToRead() {
		return (this.pace != null) ? this.pace.timeToRead().orElse(null) : null;
	}

	void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
		if (!(msg instanceof ByteBuf buffer)) {
			ctx.write(msg, promise);
			return;
		}
		if (this.end != null) {
			buffer.release();
			this.owner.responseOverrun();
			promise.tryFailure(AbortedException.beforeSend());
			return;
		}
		this.gathered.add(buffer, promise);
		if (!this.ending && this.gathered.readableBytes() >= MAX_GATHERED_BYTES) {
			writeGathered(ctx);
		}
	}

	/**
	 * Write the end of the response if it was not to be written before.
	 */
	void flushEnd(ChannelHandlerContext ctx) {
		if (this.ending && !this.gathered.isEmpty()) {
			writeGathered(ctx);
			ctx.flush();
		}
	}

	/**
	 * Hand what was gathered to the transport, piece by piece: the next one when all of
	 * the one before was taken, and as long as the transport may take any. The handlers
	 * that have written it wait meanwhile, and ask the application for no more.
	 */
	void writeGathered(ChannelHandlerContext ctx) {
		if (this.handingOver) {
			return;
		}
		this.handingOver = true;
		try {
			while (!this.writing && !this.gathered.isEmpty() && mayWritePiece()) {
				writePiece(ctx, pieceLength());
			}
		}
		finally {
			this.handingOver = false;
		}
	}

	/**
	 * Return whether the next piece may leave: the last one not while there is something
	 * of the request that was not looked at.
	 */
	private boolean mayWritePiece() {
		boolean last = this.ending && this.gathered.readableBytes() == pieceLength();
		return this.unsentData.hasRoom() && (!last || this.owner.mayEndResponse());
	}

	private int pieceLength() {
		return Math.min(this.gathered.readableBytes(), this.unsentData.pieceLength());
	}

	private void writePiece(ChannelHandlerContext ctx, int length) {
		ChannelPromise promise = ctx.newPromise();
		ByteBuf data = this.gathered.take(ctx.alloc(), length, promise);
		observePace(length);
		this.bytes += length;
		this.writing = true;
		this.unsentData.pieceBegun();
		ChannelPromise written = ctx.newPromise();
		written.addListener((future) -> complete(ctx, length, promise, future));
		if (this.ending && this.gathered.isEmpty()) {
			this.owner.responseEnds();
			// Known before the write, which may close the stream before it returns
			this.end = written;
			ctx.write(new DefaultQuicStreamFrame(data, true), written);
		}
		else {
			ctx.write(data, written);
		}
	}

	/**
	 * Begin to observe the pace, unless the response is too short to tell it.
	 */
	private void observePace(int count) {
		if (this.bytes == 0) {
			this.startedAt = this.clock.getAsLong();
		}
		if (this.pace == null && this.bytes + count > MAX_GATHERED_BYTES) {
			this.pace = new ResponsePace(window(), this.startedAt);
			if (this.bytes > 0) {
				this.pace.accepted(this.bytes, this.startedAt);
			}
		}
	}

	/**
	 * Return how much of a response the client takes before it has read any.
	 */
	private long window() {
		QuicTransportParameters parameters = this.stream.parent().peerTransportParameters();
		return (parameters != null) ? parameters.initialMaxStreamDataBidiLocal() : Long.MAX_VALUE;
	}

	private void complete(ChannelHandlerContext ctx, int length, ChannelPromise promise, Future<? super Void> written) {
		this.writing = false;
		this.unsentData.pieceEnded();
		if (written.isSuccess()) {
			this.unsentData.add(this.stream.streamId(), length);
			if (this.pace != null) {
				this.pace.accepted(length, this.clock.getAsLong());
			}
			promise.trySuccess();
			writeGathered(ctx);
		}
		else {
			// First, so that the handler is cancelled before it learns that a write has
			// failed
			this.owner.responseStopped();
			// Spring knows this exception for a client that went away, and logs no error
			promise.tryFailure(new AbortedException(written.cause()));
		}
		if (written == this.end) {
			ended();
		}
	}

	private void ended() {
		if (this.deferredClose != null) {
			this.stream.close(this.deferredClose);
		}
		else {
			this.owner.responseEnded();
		}
	}

	/**
	 * Put off the close of a stream whose response ends but waits for flow control.
	 * @return whether the stream is closed later
	 */
	boolean defersClose(ChannelHandlerContext ctx, ChannelPromise promise) {
		if (!this.ending || isSent() || !this.stream.isActive()) {
			return false;
		}
		writeGathered(ctx);
		if (isSent()) {
			return false;
		}
		this.deferredClose = promise;
		// Only the last piece needs to know
		this.ending = this.end == null;
		return true;
	}

	/**
	 * Reset a stream that is closed before its response is sent. Netty would send a FIN,
	 * and a truncated response would look whole.
	 */
	void resetUnlessSent(int errorCode) {
		if (!isSent() && this.stream.isActive()) {
			this.stream.shutdown(errorCode, this.stream.newPromise());
			QuicheStreams.withholdFin(this.stream);
		}
	}

	/**
	 * Discard what was written since the last flush.
	 */
	void discard(ChannelHandlerContext ctx) {
		// Seldom is there anything, and an exception with its stack trace costs much
		if (!this.gathered.isEmpty()) {
			this.gathered.releaseAndFailAll(ctx, AbortedException.beforeSend());
		}
	}

	/**
	 * What a response asks of its request, and tells it.
	 */
	interface Owner {

		/**
		 * Return whether the response may end.
		 */
		boolean mayEndResponse();

		/**
		 * Note that the next write is the last of the response.
		 */
		void responseEnds();

		/**
		 * Note that the last write of the response is done.
		 */
		void responseEnded();

		/**
		 * Note that the response could not be written.
		 */
		void responseStopped();

		/**
		 * Note that the handler writes on after the end of its response.
		 */
		void responseOverrun();

	}

}
