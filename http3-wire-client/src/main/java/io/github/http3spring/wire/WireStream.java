package io.github.http3spring.wire;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.incubator.codec.quic.QuicStreamType;
import org.jspecify.annotations.Nullable;

/**
 * A stream that the client opened, in most cases a request and its response.
 * <p>
 * All methods may be called from any thread and return at once; what they do happens on
 * the connection's event loop, in the order of the calls. Futures complete there, so what
 * is chained to them must not block.
 */
public final class WireStream {

	private final StreamContext context;

	private final long id;

	private final Consumer<WireStream> closed;

	private final RequestWriter writer = new RequestWriter();

	private final ResponseReader reader;

	private @Nullable QuicStreamChannel channel;

	private boolean readingPaused;

	private boolean somethingSent;

	private boolean stopSendingSeen;

	/**
	 * Create a stream.
	 * @param context what it shares with others
	 * @param id the stream id
	 * @param closed told on the event loop when the stream has ended
	 */
	WireStream(StreamContext context, long id, Consumer<WireStream> closed) {
		this.context = context;
		this.id = id;
		this.closed = closed;
		this.reader = new ResponseReader(id, context.log(), context.bodyLimit());
	}

	/**
	 * Return the stream id. It is known before the stream exists, since ids follow the
	 * order of creation.
	 * @return the id
	 */
	public long streamId() {
		return this.id;
	}

	/**
	 * Send a HEADERS frame.
	 * @param method the method
	 * @param path the path
	 * @param fields further header fields
	 * @return this stream
	 */
	public WireStream headers(String method, String path, Map<String, String> fields) {
		raw(this.context.headers(method, path, fields));
		return this;
	}

	/**
	 * Send the beginning of a HEADERS frame, so that the server sees the stream but no
	 * request.
	 * @param method the method
	 * @param path the path
	 * @param fields further header fields
	 * @param length how many bytes of the frame to send
	 * @return this stream
	 */
	public WireStream partialHeaders(String method, String path, Map<String, String> fields, int length) {
		byte[] frame = this.context.headers(method, path, fields);
		raw(Arrays.copyOf(frame, Math.min(length, frame.length)));
		return this;
	}

	/**
	 * Send a DATA frame.
	 * @param bytes the content
	 * @return completes when QUIC has taken the bytes, fails if it no longer takes any
	 */
	public CompletableFuture<Void> write(byte[] bytes) {
		return raw(Http3Frames.frame(Http3Frames.DATA, bytes));
	}

	/**
	 * Send DATA frames in which byte i is i modulo 251, at the pace of the server's flow
	 * control.
	 * @param size the number of bytes
	 * @return completes when QUIC has taken the bytes, fails if it no longer takes any
	 */
	public CompletableFuture<Void> writePattern(long size) {
		return send((done) -> this.writer.pattern(size, done));
	}

	/**
	 * Send bytes as they are.
	 * @param bytes the bytes
	 * @return completes when QUIC has taken the bytes, fails if it no longer takes any
	 */
	public CompletableFuture<Void> raw(byte[] bytes) {
		return send((done) -> this.writer.bytes(bytes, false, done));
	}

	/**
	 * Send bytes as they are, and FIN.
	 * @param bytes the bytes
	 * @return completes when QUIC has taken the bytes, fails if it no longer takes any
	 */
	public CompletableFuture<Void> rawLast(byte[] bytes) {
		return send((done) -> this.writer.bytes(bytes, true, done));
	}

	/**
	 * End the request with FIN.
	 * @return completes when QUIC has taken all that was written
	 */
	public CompletableFuture<Void> finish() {
		return rawLast(new byte[0]);
	}

	/**
	 * Send RESET_STREAM; a response is still read.
	 * @param code the application error code
	 */
	public void reset(long code) {
		this.context.eventLoop().execute(() -> {
			this.writer.fail(new CancellationException("Stream %d was reset by the client".formatted(this.id)));
			if (this.channel != null) {
				this.channel.shutdownOutput((int) code);
			}
		});
	}

	/**
	 * Send STOP_SENDING. No more of the response is read, so {@link #response()} fails.
	 * @param code the application error code
	 */
	public void stopSending(long code) {
		this.context.eventLoop().execute(() -> {
			this.reader.fail(new CancellationException("Stream %d was stopped by the client".formatted(this.id)));
			if (this.channel != null) {
				this.channel.shutdownInput((int) code);
			}
		});
	}

	/**
	 * Cancel the request: RESET_STREAM and STOP_SENDING (RFC 9114 section 4.1.1).
	 * @param code the application error code
	 */
	public void cancel(long code) {
		reset(code);
		stopSending(code);
	}

	/**
	 * Stop to read the response, so that the server runs into flow control. To read
	 * nothing at all, call this between {@link WireConnection#openSilently()} and the
	 * first bytes that are sent; later, one more buffer may be read. A RESET_STREAM is
	 * seen by a client that reads only.
	 */
	public void pauseReading() {
		this.context.eventLoop().execute(() -> {
			this.readingPaused = true;
			updateAutoRead();
		});
	}

	/**
	 * Read on.
	 */
	public void resumeReading() {
		this.context.eventLoop().execute(() -> {
			this.readingPaused = false;
			updateAutoRead();
		});
	}

	/**
	 * Return the whole response.
	 * @return completes with FIN, fails with {@link StreamResetException} or
	 * {@link ConnectionClosedException}
	 */
	public CompletableFuture<WireResponse> response() {
		return this.reader.response().copy();
	}

	/**
	 * Return the status of the final response as soon as its header section is there.
	 * @return completes with the status, fails as {@link #response()} does
	 */
	public CompletableFuture<Integer> headersReceived() {
		return this.reader.headersReceived().copy();
	}

	/**
	 * Return how many content bytes have arrived.
	 * @return the number of bytes
	 */
	public long bytesReceived() {
		return this.reader.bodyLength();
	}

	@Override
	public String toString() {
		return "WireStream[" + this.id + "]";
	}

	private CompletableFuture<Void> send(Consumer<CompletableFuture<Void>> write) {
		CompletableFuture<Void> written = new CompletableFuture<>();
		// What is returned completes after the event is recorded. Of two callbacks of the
		// same future the later one would be called first, and the caller's is the later.
		CompletableFuture<Void> recorded = written.whenComplete((result, ex) -> {
			if (ex != null && isStopSending(ex) && !this.stopSendingSeen) {
				this.stopSendingSeen = true;
				this.context.log().stream(WireEvent.Type.STOP_SENDING, this.id, EventLog.NONE);
			}
		});
		this.context.eventLoop().execute(() -> {
			write.accept(written);
			this.somethingSent = true;
			updateAutoRead();
		});
		return recorded;
	}

	/**
	 * Tell whether a write failed because the server sent STOP_SENDING. Netty has no
	 * event and no type of its own for it.
	 */
	private static boolean isStopSending(Throwable cause) {
		return cause instanceof ChannelOutputShutdownException && cause.getMessage().contains("STOP_SENDING");
	}

	private void updateAutoRead() {
		if (this.channel != null) {
			// Nothing is read before something is sent, so that a test can pause reading
			// before Netty has asked for the first bytes.
			this.channel.config().setAutoRead(this.somethingSent && !this.readingPaused);
		}
	}

	// What follows is called on the event loop.

	void attach(QuicStreamChannel channel) {
		this.channel = channel;
		if (channel.type() == QuicStreamType.BIDIRECTIONAL) {
			this.context.log().stream(WireEvent.Type.STREAM_OPENED, this.id, EventLog.NONE);
		}
		this.writer.attach(channel);
		updateAutoRead();
	}

	void closed() {
		this.closed.accept(this);
		fail(new CancellationException("Stream %d was closed by the client".formatted(this.id)));
	}

	void error(Throwable cause) {
		this.context.log().stream(WireEvent.Type.ERROR, this.id, EventLog.NONE, cause.toString());
		fail(cause);
	}

	void fail(Throwable cause) {
		this.writer.fail(cause);
		this.reader.fail(cause);
	}

	RequestWriter writer() {
		return this.writer;
	}

	ResponseReader reader() {
		return this.reader;
	}

}
