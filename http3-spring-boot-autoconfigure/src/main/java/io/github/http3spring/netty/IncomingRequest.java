package io.github.http3spring.netty;

import java.time.Duration;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.http.HttpResponseStatus;
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

	private final RequestStream request;

	private final QuicStreamChannel stream;

	private final long maxHeaderSize;

	private final FrameHeaders frames = new FrameHeaders(this::checkFrame);

	private boolean readPending;

	private boolean reading;

	private boolean received;

	private boolean ended;

	private boolean stopped;

	IncomingRequest(RequestStream request, QuicStreamChannel stream, long maxHeaderSize) {
		this.request = request;
		this.stream = stream;
		this.maxHeaderSize = maxHeaderSize;
	}

	/**
	 * Note that somebody waits for more.
	 */
	void readRequested() {
		this.readPending = true;
	}

	/**
	 * Look at what has arrived.
	 * @return whether there is something in it that the handlers that follow may see
	 */
	boolean acceptMessage(Object msg) {
		this.readPending = false;
		this.reading = true;
		// The codec knows of a FIN before it hands on what came with it, and tells of it
		// afterwards, when a handler that is fast has ended the stream
		this.received |= this.stream.isInputShutdown() && !this.stopped;
		if (!(msg instanceof ByteBuf buffer)) {
			return true;
		}
		Http3ErrorCode error = this.frames.follow(buffer, buffer.readerIndex());
		if (error != null && !this.request.isRefused()) {
			refuseFrame(error);
		}
		return error == null && buffer.isReadable();
	}

	/**
	 * Note that the handlers that follow have seen what has arrived.
	 */
	void messageRead() {
		this.reading = false;
	}

	/**
	 * Check a frame (RFC 9114 section 7.2).
	 */
	private @Nullable Http3ErrorCode checkFrame(long type, long length) {
		if (FrameHeaders.isExcessive(type, length) || (type == FrameHeaders.HEADERS && length > this.maxHeaderSize)) {
			return Http3ErrorCode.H3_EXCESSIVE_LOAD;
		}
		boolean expected = type == FrameHeaders.DATA || type == FrameHeaders.HEADERS || !FrameHeaders.isKnown(type);
		return expected ? null : Http3ErrorCode.H3_FRAME_UNEXPECTED;
	}

	private void refuseFrame(Http3ErrorCode error) {
		if (error != Http3ErrorCode.H3_EXCESSIVE_LOAD) {
			this.request.raise(error);
		}
		else if (this.frames.isFieldSection()) {
			this.request.refuseLargeFieldSection();
		}
		else {
			this.request.cancel(error.code());
		}
	}

	/**
	 * Look at an event. No request may end within a frame (RFC 9114 section 7.1) or
	 * before it is complete (section 4.1): for the handlers that follow it would be
	 * whole.
	 * @return whether they may see it
	 */
	boolean acceptEvent(Object event) {
		boolean end = event == ChannelInputShutdownEvent.INSTANCE || event == ChannelInputShutdownReadComplete.INSTANCE;
		if (end && !endsWhole()) {
			return false;
		}
		this.ended |= event == ChannelInputShutdownReadComplete.INSTANCE;
		this.received |= this.ended;
		return true;
	}

	private boolean endsWhole() {
		if (this.request.isRefused() || !this.stream.isActive()) {
			return false;
		}
		if (this.frames.isInFrame()) {
			this.request.raise(Http3ErrorCode.H3_FRAME_ERROR);
			return false;
		}
		if (!this.request.hasHeaders()) {
			PeerErrorLog.log(this.stream, Http3ErrorCode.H3_REQUEST_INCOMPLETE);
			this.request.abandon(Http3ErrorCode.H3_REQUEST_INCOMPLETE);
			return false;
		}
		return true;
	}

	/**
	 * Return whether the request has arrived to its end.
	 */
	boolean isReceived() {
		return this.received;
	}

	/**
	 * End the request if its client has not sent all of it in time. One that waits
	 * because nobody reads it is left alone.
	 */
	void endUnlessReceived(Duration timeout) {
		if (this.received || this.request.age().compareTo(timeout) < 0) {
			return;
		}
		if (this.request.isResponseSent()) {
			this.request.shutDown();
		}
		else if (this.readPending) {
			this.request.refuse(HttpResponseStatus.REQUEST_TIMEOUT, Http3ErrorCode.H3_REQUEST_CANCELLED);
		}
	}

	/**
	 * Read the end of a request that nobody reads, which may be a reset. No content is
	 * left before it that would have to wait for the handler.
	 */
	void readEnd() {
		if (!this.received && !this.readPending && QuicheAccess.isAtEnd(this.stream.parent(), this.stream.streamId())) {
			this.stream.read();
		}
	}

	/**
	 * Return whether all of the request that is there has been looked at. An answer that
	 * ends sooner would look whole even if the request is malformed (RFC 9114 section
	 * 4.1.2).
	 */
	boolean isLookedAt() {
		readEnd();
		boolean lacking = !this.ended && isLacking();
		if (lacking && !this.readPending) {
			this.stream.read();
		}
		return this.ended || this.stopped || this.request.isRefused()
				|| !(lacking || this.reading || this.stream.isInputShutdown());
	}

	/**
	 * Return whether content is announced that may still come, of a request that has to
	 * wait for it: one whose method lets nobody expect any.
	 */
	private boolean isLacking() {
		return this.frames.content() < this.request.unexpectedContent()
				&& this.request.age().compareTo(MAX_CONTENT_WAIT) < 0;
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
