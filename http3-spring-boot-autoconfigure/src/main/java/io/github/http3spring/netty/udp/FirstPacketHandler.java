package io.github.http3spring.netty.udp;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.incubator.codec.quic.QuicTransportError;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of a packet that would begin a connection, before the codec has
 * seen it (RFC 9000 section 5.2.2): a client that is refused learns it from the first
 * packet that it gets, and has never connected. Keeps nothing of it but the connection
 * ids of the last {@value #MAX_RECENT}, by which a packet that is sent again is known.
 * Costs packets with a short header one comparison. Confined to the event loop of the
 * socket.
 */
public final class FirstPacketHandler extends ChannelInboundHandlerAdapter {

	/**
	 * Most answers per second, so that nobody can keep the server busy with them.
	 */
	static final int MAX_PER_SECOND = 5000;

	/**
	 * Number of refused connections that are told apart: more than come in the seconds in
	 * which their clients may ask again.
	 */
	static final int MAX_RECENT = 4096;

	private final Admission admission;

	private final AddressValidator validator;

	private final RateLimit rate = new RateLimit(MAX_PER_SECOND, System::nanoTime);

	private final Map<ByteBuffer, Boolean> recent = new LinkedHashMap<>() {

		@Override
		protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Boolean> eldest) {
			return size() > MAX_RECENT;
		}

	};

	public FirstPacketHandler(Admission admission, AddressValidator validator) {
		this.admission = admission;
		this.validator = validator;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		if (!(msg instanceof DatagramPacket packet) || !PacketHeader.isLong(packet.content())
				|| !PacketHeader.mayOpenConnection(packet.content())) {
			ctx.fireChannelRead(msg);
			return;
		}
		PacketHeader header = PacketHeader.read(packet.content());
		if (header != null && header.initial() && this.admission.isKnown(header.destinationId())) {
			ctx.fireChannelRead(msg);
			return;
		}
		try {
			if (header != null) {
				process(ctx, packet, header);
			}
		}
		finally {
			packet.release();
		}
	}

	private void process(ChannelHandlerContext ctx, DatagramPacket packet, PacketHeader header) {
		if (!header.initial()) {
			// A Version Negotiation packet must not be answered with another
			if (header.version() != 0) {
				answer(ctx, packet, () -> StatelessAnswer.versionNegotiation(header));
			}
		}
		else if (!this.admission.admits()) {
			refuse(ctx, packet, header);
		}
		else {
			accept(ctx, packet, header);
		}
	}

	private void refuse(ChannelHandlerContext ctx, DatagramPacket packet, PacketHeader header) {
		if (this.recent.put(header.destinationId(), true) == null) {
			this.admission.refused(header.destinationId(), packet.sender());
		}
		close(ctx, packet, header, QuicTransportError.CONNECTION_REFUSED);
	}

	/**
	 * Let the codec have a packet, unless it would meet the token with silence.
	 */
	private void accept(ChannelHandlerContext ctx, DatagramPacket packet, PacketHeader header) {
		AddressValidator.Token token = judge(header, packet.sender());
		if (token == null || token == AddressValidator.Token.VALID) {
			ctx.fireChannelRead(packet.retain());
		}
		else if (token == AddressValidator.Token.INVALID) {
			close(ctx, packet, header, QuicTransportError.INVALID_TOKEN);
		}
		else {
			retry(ctx, packet, header);
		}
	}

	private AddressValidator.@Nullable Token judge(PacketHeader header, InetSocketAddress sender) {
		return (header.token().hasRemaining() && this.validator.isUsed()) ? this.validator.judge(header.token(), sender)
				: null;
	}

	/**
	 * Let the codec answer with Retry, for which it takes no more of the packet than the
	 * header: what the token is part of could not be decrypted without it.
	 */
	private void retry(ChannelHandlerContext ctx, DatagramPacket packet, PacketHeader header) {
		ByteBuf content = packet.content();
		ByteBuf tokenless = ctx.alloc()
			.directBuffer(header.tokenIndex() + 1)
			.writeBytes(content, content.readerIndex(), header.tokenIndex() - content.readerIndex())
			.writeByte(0);
		this.validator
			.require(() -> ctx.fireChannelRead(new DatagramPacket(tokenless, packet.recipient(), packet.sender())));
	}

	private void close(ChannelHandlerContext ctx, DatagramPacket packet, PacketHeader header,
			QuicTransportError error) {
		answer(ctx, packet, () -> StatelessAnswer.close(header, error));
	}

	private void answer(ChannelHandlerContext ctx, DatagramPacket packet, Supplier<byte[]> answer) {
		if (this.rate.admits()) {
			ByteBuf datagram = Unpooled.wrappedBuffer(answer.get());
			ctx.writeAndFlush(new DatagramPacket(datagram, packet.sender()), ctx.voidPromise());
		}
	}

}
