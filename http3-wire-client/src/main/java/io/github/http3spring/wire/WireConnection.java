package io.github.http3spring.wire;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import javax.net.ssl.SSLException;

import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionPathStats;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a server, and the record of what the server did to it. It never
 * retries, never refuses to send and never closes by itself.
 * <p>
 * All methods may be called from any thread and return at once; what they do happens on
 * the connection's event loop, in the order of the calls. Futures complete there, so what
 * is chained to them must not block.
 */
public final class WireConnection implements AutoCloseable {

	/** H3_NO_ERROR (RFC 9114 section 8.1). */
	private static final long NO_ERROR = 0x100;

	private final WireOptions options;

	private final EventLoop eventLoop;

	private final EventLog log;

	private final StreamContext context;

	private final OpenStreams streams;

	private final GoAways goAways = new GoAways();

	private final ServerStreams serverStreams = new ServerStreams();

	private final CompletableFuture<WireConnection> ready = new CompletableFuture<>();

	private final CompletableFuture<CloseFrame> closed = new CompletableFuture<>();

	private final CompletableFuture<Void> released = new CompletableFuture<>();

	private volatile Map<Long, Long> settings = Map.of();

	private volatile @Nullable WireStream controlStream;

	private volatile @Nullable ClientSocket socket;

	private boolean socketReleased;

	private boolean gathering;

	private volatile @Nullable QuicChannel quicChannel;

	private @Nullable ConnectionClosedException end;

	WireConnection(WireOptions options, InetSocketAddress server, EventLoop eventLoop) {
		this.options = options;
		this.eventLoop = eventLoop;
		this.log = new EventLog(options.recordStreamEvents());
		String name = (options.serverName() != null) ? options.serverName() : "localhost";
		this.context = new StreamContext(this::execute, this.log, options.bodyLimit(), name + ":" + server.getPort());
		this.streams = new OpenStreams(this.context);
	}

	/**
	 * Send a GET request.
	 * @param path the path
	 * @return the stream
	 */
	public WireStream get(String path) {
		WireStream stream = openSilently();
		stream.rawLast(this.context.headers("GET", path, Map.of()));
		return stream;
	}

	/**
	 * Begin a request whose end is for the caller to send.
	 * @param method the method
	 * @param path the path
	 * @param fields further header fields
	 * @return the stream
	 * @see WireStream#write
	 * @see WireStream#finish
	 */
	public WireStream request(String method, String path, Map<String, String> fields) {
		return openSilently().headers(method, path, fields);
	}

	/**
	 * Send a POST request.
	 * @param path the path
	 * @param body the content
	 * @return the stream
	 */
	public WireStream post(String path, byte[] body) {
		WireStream stream = request("POST", path, contentLength(body.length));
		stream.rawLast(Http3Frames.frame(Http3Frames.DATA, body));
		return stream;
	}

	/**
	 * Send a POST request in whose content byte i is i modulo 251, at the pace of the
	 * server's flow control.
	 * @param path the path
	 * @param size the number of content bytes
	 * @return the stream
	 */
	public WireStream post(String path, long size) {
		WireStream stream = request("POST", path, contentLength(size));
		stream.writePattern(size);
		stream.finish();
		return stream;
	}

	/**
	 * Create a request stream on which nothing is sent yet, so that the server cannot
	 * know of it. Sending on a later stream makes this one a gap.
	 * @return the stream
	 */
	public WireStream openSilently() {
		return this.streams.open(true);
	}

	/**
	 * Open a unidirectional stream and send bytes as they are.
	 * @param bytes the bytes, the stream type first
	 * @return the stream, which has no response
	 */
	public WireStream rawUnidirectional(byte[] bytes) {
		WireStream stream = this.streams.open(false);
		stream.raw(bytes);
		return stream;
	}

	/**
	 * Open a request stream and send bytes as they are.
	 * @param bytes the bytes
	 * @return the stream
	 */
	public WireStream rawBidirectional(byte[] bytes) {
		WireStream stream = openSilently();
		stream.raw(bytes);
		return stream;
	}

	/**
	 * Send what some calls of methods of this connection and of its streams have to send
	 * in as few packets as it fits into, such as a request and STOP_SENDING in one.
	 * Meanwhile no other thread may open streams.
	 * @param calls make the calls, on the event loop
	 */
	public void inOnePacket(Runnable calls) {
		execute(() -> {
			QuicChannel channel = this.quicChannel;
			if (channel == null) {
				throw new IllegalStateException("The handshake is not complete");
			}
			PacketGathering.begin(channel);
			this.gathering = true;
			try {
				calls.run();
			}
			finally {
				this.gathering = false;
				PacketGathering.end(channel);
			}
		});
	}

	/**
	 * Return the control stream of the client, on which SETTINGS has been sent.
	 * @return the stream, for further frames
	 */
	public WireStream controlStream() {
		WireStream stream = this.controlStream;
		if (stream == null) {
			throw new IllegalStateException("There is no control stream");
		}
		return stream;
	}

	/**
	 * Return the settings of the server (RFC 9114 section 7.2.4).
	 * @return the values by their identifiers, empty before the SETTINGS frame
	 */
	public Map<Long, Long> settings() {
		return this.settings;
	}

	/**
	 * Stop to read the streams that the server opens, its control stream among them, so
	 * that it runs into flow control. Called from what is chained to the future of a
	 * connection that does not await SETTINGS, nothing of them is read at all.
	 * @see WireOptions#awaitSettings()
	 */
	public void pauseServerStreams() {
		execute(this.serverStreams::pause);
	}

	/**
	 * Read on what the server sends on its own streams.
	 */
	public void resumeServerStreams() {
		execute(this.serverStreams::resume);
	}

	/**
	 * Send STOP_SENDING for each stream that the server has opened, its control stream
	 * among them.
	 * @param code the application error code
	 */
	public void stopServerStreams(long code) {
		execute(() -> this.serverStreams.stop(code));
	}

	/**
	 * Return the ids of the GOAWAY frames so far.
	 * @return the ids in the order of arrival
	 */
	public List<Long> goAwayIds() {
		return this.goAways.ids();
	}

	/**
	 * Return the id of one GOAWAY frame.
	 * @param number 1 for the first GOAWAY
	 * @return completes with the id, fails with {@link ConnectionClosedException} if the
	 * connection ends before
	 */
	public CompletableFuture<Long> goAway(int number) {
		return this.goAways.await(number);
	}

	/**
	 * Return how the server closes the connection.
	 * @return completes with CONNECTION_CLOSE, fails with
	 * {@link ConnectionClosedException} if the connection ends in another way
	 */
	public CompletableFuture<CloseFrame> closed() {
		return this.closed.copy();
	}

	/**
	 * Return what happened so far.
	 * @return the events in the order in which the client saw them
	 */
	public List<WireEvent> events() {
		return this.log.snapshot();
	}

	/**
	 * Return the address that the client sends from.
	 * @return the address of the UDP socket
	 */
	public InetSocketAddress localAddress() {
		ClientSocket socket = this.socket;
		if (socket == null) {
			throw new IllegalStateException("The connection has no socket yet");
		}
		return (InetSocketAddress) socket.channel().localAddress();
	}

	/**
	 * Ask for the smoothed round-trip time.
	 * @return completes with the time as the client measures it
	 */
	public CompletableFuture<Duration> roundTripTime() {
		CompletableFuture<Duration> time = new CompletableFuture<>();
		QuicChannel channel = this.quicChannel;
		if (channel == null) {
			time.completeExceptionally(new IllegalStateException("The handshake is not complete"));
			return time;
		}
		channel.collectPathStats(0).addListener((Future<QuicConnectionPathStats> stats) -> {
			if (stats.isSuccess()) {
				time.complete(Duration.ofNanos(stats.getNow().rtt()));
			}
			else {
				time.completeExceptionally(stats.cause());
			}
		});
		return time;
	}

	/**
	 * Close with H3_NO_ERROR.
	 */
	@Override
	public void close() {
		close(NO_ERROR);
	}

	/**
	 * Send CONNECTION_CLOSE and release the connection.
	 * @param errorCode the application error code
	 */
	public void close(long errorCode) {
		// The client may be closed already, and its event loop gone.
		if (this.released.isDone()) {
			return;
		}
		execute(() -> {
			end(WireEvent.Type.LOCAL_CLOSE, null, "closed with 0x%x".formatted(errorCode));
			QuicChannel channel = this.quicChannel;
			if (channel != null && channel.isOpen()) {
				// The datagram channel follows, see opened().
				((SendBuffers) channel.alloc()).closing();
				channel.close(true, (int) errorCode, Unpooled.EMPTY_BUFFER);
			}
			else {
				releaseSocket();
			}
		});
	}

	/**
	 * Vanish: close the socket without a word, as a client does that loses power.
	 * @throws IllegalStateException if it shares the socket with others
	 */
	public void abandon() {
		ClientSocket socket = this.socket;
		if (socket != null && socket.isShared()) {
			throw new IllegalStateException("The socket is not the connection's own");
		}
		if (this.released.isDone()) {
			return;
		}
		execute(() -> {
			end(WireEvent.Type.LOCAL_CLOSE, null, "abandoned");
			releaseSocket();
		});
	}

	@Override
	public String toString() {
		return "WireConnection[" + this.context.authority() + "]";
	}

	private static Map<String, String> contentLength(long length) {
		return Map.of("content-length", Long.toString(length));
	}

	/**
	 * Be done with the socket, which closes if no other connection uses it.
	 */
	private void releaseSocket() {
		ClientSocket socket = this.socket;
		if (socket == null || this.socketReleased) {
			return;
		}
		this.socketReleased = true;
		socket.release();
		if (socket.isShared()) {
			this.released.complete(null);
		}
	}

	CompletableFuture<WireConnection> ready() {
		return this.ready;
	}

	CompletableFuture<Void> released() {
		return this.released;
	}

	EventLog log() {
		return this.log;
	}

	void execute(Runnable task) {
		if (this.eventLoop.inEventLoop() && this.gathering) {
			task.run();
		}
		else {
			this.eventLoop.execute(task);
		}
	}

	void socketOpened(ClientSocket socket) {
		this.socket = socket;
		socket.channel().closeFuture().addListener((future) -> this.released.complete(null));
	}

	// What follows is called on the event loop.

	/**
	 * Take the QUIC channel, which from now on brings the socket down with it.
	 */
	void channelOpened(QuicChannel channel) {
		this.quicChannel = channel;
		channel.closeFuture().addListener((future) -> {
			if (channel.isTimedOut()) {
				end(WireEvent.Type.IDLE_TIMEOUT, null, "idle timeout");
			}
			else {
				// A CONNECTION_CLOSE that is recorded in a task of its own comes first.
				execute(() -> end(WireEvent.Type.ERROR, null, "ended without CONNECTION_CLOSE"));
			}
			releaseSocket();
		});
	}

	/**
	 * The control stream waits for the handshake: with both kinds of streams opened
	 * before, Netty would never again ask how many more the server allows.
	 */
	void earlyDataReady(QuicChannel channel) {
		this.log.connection(WireEvent.Type.EARLY_DATA_READY, EventLog.NONE, null, "");
		this.streams.earlyDataReady(channel);
		this.ready.complete(this);
	}

	void handshakeDone(QuicChannel channel) {
		this.log.connection(WireEvent.Type.HANDSHAKE_DONE, EventLog.NONE, null, "");
		this.streams.channelActive(channel);
		if (this.options.controlStream()) {
			// No settings: the defaults forbid a dynamic table and pushes.
			byte[] settings = Http3Frames.frame(Http3Frames.SETTINGS, new byte[0]);
			this.controlStream = rawUnidirectional(
					Http3Frames.concat(Http3Frames.varint(Http3Frames.CONTROL_STREAM), settings));
		}
		if (!this.options.awaitSettings()) {
			this.ready.complete(this);
		}
	}

	void openWaiting() {
		this.streams.openWaiting();
	}

	void serverStreamOpened(QuicStreamChannel channel) {
		this.serverStreams.add(channel);
	}

	void settingsReceived(Map<Long, Long> values) {
		this.settings = Map.copyOf(values);
		this.log.connection(WireEvent.Type.SETTINGS, EventLog.NONE, null, "");
		this.ready.complete(this);
	}

	void goAwayReceived(long id) {
		this.log.connection(WireEvent.Type.GOAWAY, id, null, "");
		this.goAways.add(id);
	}

	void closeReceived(CloseFrame frame) {
		end(WireEvent.Type.CONNECTION_CLOSE, frame, frame.toString());
	}

	void connectFailed(Throwable cause) {
		// A CONNECTION_CLOSE that is recorded in a task of its own comes first.
		execute(() -> {
			if (this.end == null) {
				end(WireEvent.Type.ERROR, null, cause.toString());
				if (cause instanceof SSLException) {
					sayWhy();
				}
				releaseSocket();
			}
		});
	}

	/**
	 * Send the alert with which we have refused the handshake: Netty leaves it where it
	 * is.
	 */
	private void sayWhy() {
		QuicChannel channel = this.quicChannel;
		if (channel != null) {
			channel.close();
		}
	}

	private void end(WireEvent.Type type, @Nullable CloseFrame frame, String detail) {
		if (this.end != null) {
			return;
		}
		this.log.connection(type, (frame != null) ? frame.errorCode() : EventLog.NONE, frame, detail);
		this.end = new ConnectionClosedException(type, frame, "The connection ended: " + detail);
		if (frame != null) {
			this.closed.complete(frame);
		}
		else {
			this.closed.completeExceptionally(this.end);
		}
		this.ready.completeExceptionally(this.end);
		this.goAways.end(this.end);
		this.streams.end(this.end);
	}

}
