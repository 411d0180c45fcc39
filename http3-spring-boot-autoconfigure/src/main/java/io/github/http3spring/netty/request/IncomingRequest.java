package io.github.http3spring.netty.request;

import java.time.Duration;

import io.github.http3spring.netty.protocol.FrameHeaders;
import io.github.http3spring.netty.protocol.FrameLimit;
import io.github.http3spring.netty.stack.QuicheStreams;
import io.netty.buffer.ByteBuf;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import org.jspecify.annotations.Nullable;

/**
 * The incoming side of a {@link RequestStream}: finds frames that do not belong there and
 * ends that come too early, and knows what is still to come. Confined to the event loop
 * of the connection.
 */
final class IncomingRequest {

	/**
	 * Time after which a request is answered though its content has not come.
	 */
	private static final Duration MAX_CONTENT_WAIT = Duration.ofSeconds(1);

	/**
	 * Frames without content that a request may have for nothing: some clients end it
	 * with one, or put one of an unknown type into it to see that it is ignored.
	 */
	private static final int FREE_EMPTY_FRAMES = 16;

	private final QuicStreamChannel stream;

	private final long maxHeaderSize;

	private final FrameLimit frameLimit;

	private final FrameHeaders frames = new FrameHeaders(this::checkFrame);

	private long bytes;

	private int emptyFrames;

	private boolean excessive;

	private boolean readPending;

	private boolean reading;

	private boolean received;

	private boolean ended;

	private boolean stopped;

	/**
	 * Begin with a request whose stream was opened.
	 * @param stream the stream
	 * @param maxHeaderSize bytes in the largest field section
	 * @param frameLimit decides about a frame that brings nothing, if the request has
	 * many of them
	 */
	IncomingRequest(QuicStreamChannel stream, long maxHeaderSize, FrameLimit frameLimit) {
		this.stream = stream;
		this.maxHeaderSize = maxHeaderSize;
		this.frameLimit = frameLimit;
	}

	/**
	 * Note that a handler waits for more.
	 */
	void readRequested() {
		this.readPending = true;
	}

	/**
	 * Look at what has arrived. Of a request that was refused nothing is wrong any more.
	 * @return what to do with it
	 */
	Ruling acceptMessage(Object msg, boolean refused) {
		this.readPending = false;
		this.reading = true;
		// The codec knows of a FIN before it hands on what came with it, and tells of it
		// afterwards, when a handler that is fast has ended the stream
		this.received |= this.stream.isInputShutdown() && !this.stopped;
		if (!(msg instanceof ByteBuf buffer)) {
			return Ruling.PASS;
		}
		this.bytes += buffer.readableBytes();
		Http3ErrorCode error = this.frames.follow(buffer, buffer.readerIndex());
		if (error == null) {
			return buffer.isReadable() ? Ruling.PASS : Ruling.DROP;
		}
		return (refused && !this.excessive) ? Ruling.DROP : refuseFrame(error);
	}

	/**
	 * Note that the handlers that follow have seen what has arrived.
	 */
	void messageRead() {
		this.reading = false;
	}

	/**
	 * Check a frame (RFC 9114 section 7.2, RFC 9218 section 7.2).
	 */
	private @Nullable Http3ErrorCode checkFrame(long type, long length) {
		if (FrameHeaders.isExcessive(type, length) || (type == FrameHeaders.HEADERS && length > this.maxHeaderSize)) {
			return Http3ErrorCode.H3_EXCESSIVE_LOAD;
		}
		boolean unknown = !FrameHeaders.isKnown(type);
		if ((length == 0 || unknown) && ++this.emptyFrames > FREE_EMPTY_FRAMES && !this.frameLimit.admitsEmptyFrame()) {
			this.excessive = true;
			return Http3ErrorCode.H3_EXCESSIVE_LOAD;
		}
		boolean expected = type == FrameHeaders.DATA || type == FrameHeaders.HEADERS || unknown;
		return (expected && !FrameHeaders.isPriorityUpdate(type)) ? null : Http3ErrorCode.H3_FRAME_UNEXPECTED;
	}

	private Ruling refuseFrame(Http3ErrorCode error) {
		if (this.excessive || error != Http3ErrorCode.H3_EXCESSIVE_LOAD) {
			return Ruling.raise(error);
		}
		return this.frames.isFieldSection() ? Ruling.REFUSE_FIELD_SECTION : Ruling.cancel(error);
	}

	/**
	 * Look at the end. No request may end within a frame (RFC 9114 section 7.1) or before
	 * it is complete (section 4.1): for the handlers that follow it would be whole.
	 * @param refused whether the request was refused, so that its end does not matter
	 * @param hasHeaders whether its header section has arrived
	 * @return what to do with it
	 */
	Ruling acceptEnd(boolean refused, boolean hasHeaders) {
		if (refused || !this.stream.isActive()) {
			return Ruling.DROP;
		}
		if (this.frames.isInFrame()) {
			return Ruling.IN_FRAME;
		}
		if (!hasHeaders) {
			return Ruling.INCOMPLETE;
		}
		this.ended = true;
		this.received = true;
		return Ruling.PASS;
	}

	/**
	 * Return how many bytes have arrived.
	 */
	long bytes() {
		return this.bytes;
	}

	/**
	 * Return whether the whole request has arrived.
	 */
	boolean isReceived() {
		return this.received;
	}

	/**
	 * Judge a request whose time is over. One that waits because nobody reads it is left
	 * alone.
	 * @param responseSent whether its response is complete
	 */
	Ruling timeIsOver(boolean responseSent) {
		if (this.received) {
			return Ruling.PASS;
		}
		if (responseSent) {
			return Ruling.END;
		}
		return this.readPending ? Ruling.TIME_OUT : Ruling.PASS;
	}

	/**
	 * Read the end of a request that nobody reads, which may be a reset. No content is
	 * left before it that would have to wait for the handler.
	 */
	void readEnd() {
		if (!this.received && !this.readPending
				&& QuicheStreams.isAtEnd(this.stream.parent(), this.stream.streamId())) {
			this.stream.read();
		}
	}

	/**
	 * Return whether the handlers that follow are looking at what has arrived.
	 */
	boolean isBeingRead() {
		return this.reading;
	}

	/**
	 * Return whether all of the request that is there has been looked at. An answer that
	 * ends sooner would look whole even if the request is malformed (RFC 9114 section
	 * 4.1.2).
	 * @param unexpectedContent how much content is announced of a request that has to
	 * wait for it: one whose method lets nobody expect any
	 * @param age how long ago the request was opened
	 */
	boolean isLookedAt(long unexpectedContent, Duration age) {
		readEnd();
		boolean lacking = !this.ended && this.frames.content() < unexpectedContent
				&& age.compareTo(MAX_CONTENT_WAIT) < 0;
		if (lacking && !this.readPending) {
			this.stream.read();
		}
		return this.ended || this.stopped || !(lacking || this.stream.isInputShutdown());
	}

	/**
	 * Ask the client to send no more of a request that is answered (RFC 9114 section
	 * 4.1). Before the end of the response rather than after it: a client that resets its
	 * side first and acknowledges the response then lets quiche finish the stream.
	 */
	void stop() {
		if (!this.stream.isInputShutdown()) {
			this.stopped = true;
			this.stream.shutdownInput(Http3ErrorCode.H3_NO_ERROR.code());
		}
	}

	boolean isStopped() {
		return this.stopped;
	}

}
