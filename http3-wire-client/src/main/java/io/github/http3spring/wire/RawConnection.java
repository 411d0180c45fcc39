package io.github.http3spring.wire;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicClientCodecBuilder;
import io.netty.incubator.codec.quic.QuicSslContextBuilder;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.incubator.codec.quic.QuicStreamType;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a server on which any QUIC frame can be sent, as no stack would. The
 * codec makes the handshake; from then on packets are made here, and nothing that the
 * server sends is acknowledged or answered. Only its CONNECTION_CLOSE is looked for.
 */
public final class RawConnection implements AutoCloseable {

	private static final int ID_LENGTH_INDEX = 5;

	private static final int TIMEOUT_SECONDS = 20;

	/**
	 * Beyond the packet numbers that the codec has used.
	 */
	private static final long FIRST_NUMBER = 1 << 20;

	/**
	 * Bytes that may have arrived and not been read: what is lost there shrinks the
	 * server's congestion window.
	 */
	private static final int SOCKET_BUFFER = 4 << 20;

	private final InetSocketAddress server;

	private final CompletableFuture<CloseFrame> closed = new CompletableFuture<>();

	private final Channel socket;

	private byte[] serverId = {};

	private byte[] clientId = {};

	private volatile @Nullable PacketProtection sending;

	private @Nullable PacketProtection receiving;

	private boolean raw;

	private volatile int closesReceived;

	private long number = FIRST_NUMBER;

	private RawConnection(InetSocketAddress server, EventLoop eventLoop, long window, Download download)
			throws Exception {
		this.server = server;
		this.socket = new Bootstrap().group(eventLoop)
			.channel(NioDatagramChannel.class)
			.option(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(2048))
			.option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER)
			.handler(new ChannelInitializer<Channel>() {

				@Override
				protected void initChannel(Channel channel) {
					channel.pipeline().addLast(new Tap()).addLast(codec(window));
				}

			})
			.bind(InetAddress.getLoopbackAddress(), 0)
			.sync()
			.channel();
		try {
			QuicChannel channel = QuicChannel.newBootstrap(this.socket)
				.handler(new ChannelInboundHandlerAdapter())
				.streamHandler(new Discard())
				.remoteAddress(server)
				.connect()
				.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
			download.run(channel);
			// After the flight that confirms the handshake
			eventLoop.schedule(() -> this.raw = true, 50, TimeUnit.MILLISECONDS).sync();
		}
		catch (Exception ex) {
			this.socket.close();
			throw ex;
		}
	}

	/**
	 * Connect.
	 * @param server the address of the server
	 * @param eventLoop the event loop to use
	 * @param window how much the server may send before any credit, on each stream and on
	 * all of them together
	 * @return a connection whose handshake is done
	 * @throws Exception if it cannot be made
	 */
	public static RawConnection connect(InetSocketAddress server, EventLoop eventLoop, long window) throws Exception {
		return new RawConnection(server, eventLoop, window, (channel) -> {
		});
	}

	/**
	 * Connect, and take the beginning of a response as any client does, which lets the
	 * congestion window of the server grow.
	 * @param server the address of the server
	 * @param eventLoop the event loop to use
	 * @param window how much the server may send before any credit, on each stream and on
	 * all of them together
	 * @param path the path to ask for, on the first stream
	 * @param bytes how much to take
	 * @return a connection that acknowledges nothing any more
	 * @throws Exception if it cannot be made
	 */
	public static RawConnection connectAndTake(InetSocketAddress server, EventLoop eventLoop, long window, String path,
			long bytes) throws Exception {
		return new RawConnection(server, eventLoop, window, (channel) -> take(channel, path, bytes));
	}

	private static void take(QuicChannel channel, String path, long bytes) throws Exception {
		CompletableFuture<Void> taken = new CompletableFuture<>();
		QuicStreamChannel stream = channel.createStream(QuicStreamType.BIDIRECTIONAL, new Discard(bytes, taken))
			.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
		byte[] request = Http3Frames.headers("GET", "localhost", path, Map.of());
		stream.writeAndFlush(Unpooled.wrappedBuffer(request)).addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
		taken.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
	}

	private ChannelHandler codec(long window) {
		return new QuicClientCodecBuilder()
			.sslContext(QuicSslContextBuilder.forClient()
				.trustManager(InsecureTrustManagerFactory.INSTANCE)
				.applicationProtocols("h3")
				.keylog((engine, line) -> takeSecret(line))
				.build())
			.maxIdleTimeout(5, TimeUnit.MINUTES)
			.initialMaxData(window)
			.initialMaxStreamDataBidirectionalLocal(window)
			.initialMaxStreamDataUnidirectional(window)
			.initialMaxStreamsUnidirectional(16)
			.build();
	}

	private void takeSecret(String line) {
		String[] fields = line.split(" ");
		if (fields[0].equals("CLIENT_TRAFFIC_SECRET_0")) {
			this.sending = new PacketProtection(HexFormat.of().parseHex(fields[2]));
		}
		else if (fields[0].equals("SERVER_TRAFFIC_SECRET_0")) {
			this.receiving = new PacketProtection(HexFormat.of().parseHex(fields[2]));
		}
	}

	/**
	 * Send a packet.
	 * @param frames its frames, one after the other
	 * @return completes when it has been handed to the system
	 */
	public CompletableFuture<Void> send(byte[] frames) {
		CompletableFuture<Void> sent = new CompletableFuture<>();
		this.socket.eventLoop().execute(() -> {
			PacketProtection protection = this.sending;
			if (protection == null || !this.socket.isActive()) {
				sent.completeExceptionally(new IllegalStateException("There are no keys, or no socket any more"));
				return;
			}
			ByteBuf packet = Unpooled.wrappedBuffer(protection.seal(this.serverId, this.number++, frames));
			this.socket.pipeline()
				.context(Tap.class)
				.writeAndFlush(new DatagramPacket(packet, this.server))
				.addListener((future) -> sent.complete(null));
		});
		return sent;
	}

	/**
	 * Return how the server closes the connection.
	 * @return completes with CONNECTION_CLOSE
	 */
	public CompletableFuture<CloseFrame> closed() {
		return this.closed.copy();
	}

	/**
	 * Return how often the server has sent CONNECTION_CLOSE so far.
	 * @return the number of packets with it
	 */
	public int closesReceived() {
		return this.closesReceived;
	}

	/**
	 * Vanish, without a word.
	 */
	@Override
	public void close() {
		Future<?> done = this.socket.close();
		done.awaitUninterruptibly(TIMEOUT_SECONDS, TimeUnit.SECONDS);
	}

	/**
	 * What happens before packets are made here.
	 */
	private interface Download {

		void run(QuicChannel channel) throws Exception;

	}

	/**
	 * Throws away what is read, and counts it.
	 */
	@Sharable
	private static final class Discard extends ChannelInboundHandlerAdapter {

		private final long bytes;

		private final CompletableFuture<Void> taken;

		private long read;

		Discard() {
			this(Long.MAX_VALUE, new CompletableFuture<>());
		}

		Discard(long bytes, CompletableFuture<Void> taken) {
			this.bytes = bytes;
			this.taken = taken;
		}

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object msg) {
			if (msg instanceof ByteBuf buffer) {
				this.read += buffer.readableBytes();
			}
			ReferenceCountUtil.release(msg);
			if (this.read >= this.bytes) {
				this.taken.complete(null);
			}
		}

	}

	/**
	 * Learns connection ids from the handshake, and takes what belongs to the codec away
	 * after it.
	 */
	private final class Tap extends ChannelDuplexHandler {

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object msg) {
			DatagramPacket packet = (DatagramPacket) msg;
			byte[] bytes = ByteBufUtil.getBytes(packet.content());
			if (bytes.length > 0 && bytes[0] < 0) {
				RawConnection.this.serverId = sourceId(bytes);
			}
			if (!RawConnection.this.raw) {
				ctx.fireChannelRead(msg);
				return;
			}
			packet.release();
			PacketProtection protection = RawConnection.this.receiving;
			byte[] frames = (protection != null && bytes[0] >= 0)
					? protection.open(bytes, RawConnection.this.clientId.length) : null;
			CloseFrame close = (frames != null) ? QuicFrames.findClose(frames) : null;
			if (close != null) {
				RawConnection.this.closesReceived++;
				RawConnection.this.closed.complete(close);
			}
		}

		@Override
		public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
			if (RawConnection.this.raw) {
				ReferenceCountUtil.release(msg);
				promise.trySuccess();
				return;
			}
			byte[] bytes = ByteBufUtil.getBytes(((DatagramPacket) msg).content());
			if (bytes[0] < 0) {
				RawConnection.this.clientId = sourceId(bytes);
			}
			ctx.write(msg, promise);
		}

		/**
		 * Return the second connection id of a long header.
		 */
		private static byte[] sourceId(byte[] bytes) {
			int index = ID_LENGTH_INDEX + 1 + bytes[ID_LENGTH_INDEX];
			byte[] id = new byte[bytes[index]];
			System.arraycopy(bytes, index + 1, id, 0, id.length);
			return id;
		}

	}

}
