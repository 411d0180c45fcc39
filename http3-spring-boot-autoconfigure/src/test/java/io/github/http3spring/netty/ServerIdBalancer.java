package io.github.http3spring.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

import io.github.http3spring.wire.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import org.jspecify.annotations.Nullable;

/**
 * A small load balancer that knows nothing but QUIC-LB: it reads the server off the
 * connection id (draft-ietf-quic-load-balancers-21 section 5.5), and gives packets
 * without one to the servers in turn, the same one for each address of a client.
 */
final class ServerIdBalancer implements AutoCloseable {

	private static final int LONG_HEADER = 0x80;

	private static final int BLOCK = 16;

	private final EventLoopGroup group = EventLoops.create(1, "balancer");

	private final EventLoop eventLoop = this.group.next();

	private final int configRotation;

	private final int serverIdLength;

	private final int nonceLength;

	private final @Nullable SecretKeySpec key;

	private final Map<String, InetSocketAddress> servers = new ConcurrentHashMap<>();

	private final Map<InetSocketAddress, InetSocketAddress> chosen = new ConcurrentHashMap<>();

	private final Map<List<InetSocketAddress>, Upstream> upstreams = new ConcurrentHashMap<>();

	private final AtomicInteger turn = new AtomicInteger();

	private final AtomicInteger routed = new AtomicInteger();

	private final Channel front;

	private volatile List<InetSocketAddress> open = List.of();

	private volatile int idLength;

	/**
	 * Start a balancer.
	 * @param configRotation the codepoint of its configuration
	 * @param serverIdLength the length of server ids
	 * @param nonceLength the length of nonces
	 * @param key the key in hexadecimal digits, {@code null} for none
	 */
	ServerIdBalancer(int configRotation, int serverIdLength, int nonceLength, @Nullable String key) {
		this.configRotation = configRotation;
		this.serverIdLength = serverIdLength;
		this.nonceLength = nonceLength;
		this.key = (key != null) ? new SecretKeySpec(HexFormat.of().parseHex(key), "AES") : null;
		this.front = bind(new FromClients()).syncUninterruptibly().channel();
	}

	InetSocketAddress address() {
		return (InetSocketAddress) this.front.localAddress();
	}

	/**
	 * Note where a server is.
	 */
	void add(String serverId, InetSocketAddress address) {
		this.servers.put(serverId, address);
	}

	/**
	 * Take no ids for those of a server but of one length. A short header does not tell
	 * how long its id is.
	 */
	void onlyIdsOf(int length) {
		this.idLength = length;
	}

	/**
	 * Give new connections to some of the servers.
	 */
	void open(String... serverIds) {
		this.open = Arrays.stream(serverIds).map(this.servers::get).toList();
	}

	/**
	 * Return how many packets have found their server by its id.
	 */
	int routed() {
		return this.routed.get();
	}

	private InetSocketAddress server(ByteBuf packet, InetSocketAddress client) {
		byte[] id = connectionId(packet);
		InetSocketAddress server = (id != null) ? this.servers.get(HexFormat.of().formatHex(serverId(id))) : null;
		if (server != null) {
			this.routed.incrementAndGet();
			return server;
		}
		return this.chosen.computeIfAbsent(client, (address) -> {
			List<InetSocketAddress> candidates = this.open;
			return candidates.get(this.turn.getAndIncrement() % candidates.size());
		});
	}

	private byte @Nullable [] connectionId(ByteBuf packet) {
		int length = 1 + this.serverIdLength + this.nonceLength;
		int start = 1;
		if ((packet.getByte(0) & LONG_HEADER) != 0) {
			start = 6;
			int actual = packet.getUnsignedByte(5);
			if (actual < length || (this.idLength != 0 && actual != this.idLength)) {
				return null;
			}
		}
		byte[] id = new byte[length];
		if (packet.readableBytes() < start + length) {
			return null;
		}
		packet.getBytes(start, id);
		return ((id[0] & 0xff) >> 5 == this.configRotation) ? id : null;
	}

	private byte[] serverId(byte[] id) {
		byte[] block = Arrays.copyOfRange(id, 1, id.length);
		return Arrays.copyOf((this.key != null) ? decrypt(block) : block, this.serverIdLength);
	}

	private byte[] decrypt(byte[] block) {
		if (block.length == BLOCK) {
			return aes(Cipher.DECRYPT_MODE, block);
		}
		int half = (block.length + 1) / 2;
		boolean odd = block.length % 2 != 0;
		byte[] left = Arrays.copyOf(block, half);
		byte[] right = Arrays.copyOfRange(block, block.length - half, block.length);
		if (odd) {
			left[half - 1] &= (byte) 0xf0;
			right[0] &= 0x0f;
		}
		for (int pass = 4; pass >= 1; pass--) {
			byte[] from = (pass % 2 == 0) ? right : left;
			byte[] to = (pass % 2 == 0) ? left : right;
			byte[] input = Arrays.copyOf(from, BLOCK);
			input[BLOCK - 2] = (byte) block.length;
			input[BLOCK - 1] = (byte) pass;
			byte[] output = aes(Cipher.ENCRYPT_MODE, input);
			for (int index = 0; index < half; index++) {
				to[index] ^= output[index];
			}
			if (odd) {
				left[half - 1] &= (byte) 0xf0;
				right[0] &= 0x0f;
			}
		}
		byte[] plain = Arrays.copyOf(left, block.length);
		for (int index = 0; index < half; index++) {
			plain[block.length - half + index] |= right[index];
		}
		return plain;
	}

	private byte[] aes(int mode, byte[] block) {
		try {
			Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
			cipher.init(mode, this.key);
			return cipher.doFinal(block);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private ChannelFuture bind(ChannelHandler handler) {
		return new Bootstrap().group(this.eventLoop)
			.channel(NioDatagramChannel.class)
			.handler(handler)
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
	}

	@Override
	public void close() {
		this.group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
	}

	/**
	 * Takes what clients send.
	 */
	private final class FromClients extends ChannelInboundHandlerAdapter {

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object msg) {
			DatagramPacket packet = (DatagramPacket) msg;
			InetSocketAddress client = packet.sender();
			InetSocketAddress server = server(packet.content(), client);
			ServerIdBalancer.this.upstreams.computeIfAbsent(List.of(client, server), (way) -> new Upstream(client))
				.send(packet.content(), server);
		}

	}

	/**
	 * The socket that stands for an address of a client towards a server.
	 */
	private final class Upstream extends ChannelInboundHandlerAdapter {

		private final InetSocketAddress client;

		private final ChannelFuture bound;

		Upstream(InetSocketAddress client) {
			this.client = client;
			this.bound = bind(this);
		}

		void send(ByteBuf datagram, InetSocketAddress server) {
			this.bound
				.addListener((future) -> this.bound.channel().writeAndFlush(new DatagramPacket(datagram, server)));
		}

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object msg) {
			ServerIdBalancer.this.front
				.writeAndFlush(new DatagramPacket(((DatagramPacket) msg).content(), this.client));
		}

	}

}
