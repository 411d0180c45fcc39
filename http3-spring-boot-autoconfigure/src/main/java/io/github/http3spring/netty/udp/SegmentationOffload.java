package io.github.http3spring.netty.udp;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.IntStream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.incubator.codec.quic.EpollQuicUtils;
import io.netty.incubator.codec.quic.QuicChannelOption;
import io.netty.incubator.codec.quic.QuicServerCodecBuilder;
import io.netty.incubator.codec.quic.SegmentedDatagramPacketAllocator;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Generic segmentation offload (GSO): the codec hands the kernel many datagrams for one
 * peer in one piece, which the kernel or the network card cuts. Handler of the datagram
 * channel, which turns it off for good if that turns out not to work.
 */
public final class SegmentationOffload extends ChannelOutboundHandlerAdapter
		implements SegmentedDatagramPacketAllocator {

	private static final Log logger = LogFactory.getLog(SegmentationOffload.class);

	/**
	 * Most segments that Linux takes.
	 */
	private static final int MAX_SEGMENTS = 64;

	/**
	 * Largest UDP payload over IPv4. More is lost, with an error that the codec does not
	 * look at.
	 */
	private static final int MAX_SIZE = 65_507;

	/**
	 * Largest segment that every network carries (RFC 9000 section 14).
	 */
	private static final int MAX_SAFE_SEGMENT = 1200;

	private static final int ERROR_IO = -5;

	private static final int ERROR_INVALID_ARGUMENT = -22;

	private final SegmentedDatagramPacketAllocator delegate = EpollQuicUtils.newSegmentedAllocator(MAX_SEGMENTS);

	private final ChannelFutureListener sent = (future) -> {
		if (!future.isSuccess()) {
			failed(future.cause(), true);
		}
	};

	private final ChannelFutureListener largeSent = (future) -> {
		if (!future.isSuccess()) {
			failed(future.cause(), false);
		}
	};

	/**
	 * Zero once it is turned off.
	 */
	private volatile int maxSegments;

	SegmentationOffload(long payload) {
		this.maxSegments = maxSegments(payload);
	}

	private static int maxSegments(long payload) {
		return (int) Math.min(MAX_SEGMENTS, MAX_SIZE / payload);
	}

	/**
	 * Create the offload of a socket.
	 * @param channel the socket
	 * @param payload bytes in the largest datagram
	 * @return the offload, {@code null} if the socket or the kernel has none
	 */
	public static @Nullable SegmentationOffload create(Channel channel, long payload) {
		return (UdpTransport.isEpoll(channel) && EpollDatagramChannel.isSegmentedDatagramPacketSupported())
				? new SegmentationOffload(payload) : null;
	}

	/**
	 * Return whether a socket has this.
	 */
	public static boolean isOn(Channel channel) {
		SegmentationOffload offload = channel.pipeline().get(SegmentationOffload.class);
		return offload != null && offload.maxSegments > 0;
	}

	public void applyTo(QuicServerCodecBuilder builder) {
		builder.option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, this);
	}

	@Override
	public int maxNumSegments() {
		return this.maxSegments;
	}

	@Override
	public DatagramPacket newPacket(ByteBuf buffer, int segmentSize, InetSocketAddress remoteAddress) {
		if (buffer.readableBytes() > MAX_SIZE) {
			// A customizer of the codec has set a larger payload than the properties
			this.maxSegments = maxSegments(segmentSize);
		}
		return this.delegate.newPacket(buffer, segmentSize, remoteAddress);
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
		if (msg instanceof SegmentedDatagramPacket packet) {
			boolean large = packet.segmentSize() > MAX_SAFE_SEGMENT;
			ctx.write(msg, promise.unvoid().addListener(large ? this.largeSent : this.sent));
		}
		else {
			ctx.write(msg, promise);
		}
	}

	/**
	 * Some network cards and tunnels cannot compute the checksums of segments, on older
	 * kernels, or carry less than a segment. The datagrams are lost, and QUIC sends their
	 * content again. That a segment is an invalid argument means little if it is large:
	 * the way to this one client may have become narrower, and the next segments are
	 * smaller.
	 */
	private void failed(Throwable cause, boolean carriedEverywhere) {
		if (this.maxSegments > 0 && cause instanceof NativeIoException error && (error.expectedErr() == ERROR_IO
				|| (error.expectedErr() == ERROR_INVALID_ARGUMENT && carriedEverywhere))) {
			this.maxSegments = 0;
			logger.warn("HTTP/3 goes on without GSO, which costs throughput, because the network cannot do it: "
					+ error.getMessage());
		}
	}

	/**
	 * Return the datagrams that a packet is sent as, in their order.
	 * @param packet a packet with or without segments
	 * @return slices of its content
	 */
	static List<ByteBuf> datagrams(DatagramPacket packet) {
		ByteBuf content = packet.content();
		if (!(packet instanceof SegmentedDatagramPacket segmented)) {
			return List.of(content);
		}
		int size = segmented.segmentSize();
		int end = content.writerIndex();
		return IntStream.iterate(content.readerIndex(), (index) -> index < end, (index) -> index + size)
			.mapToObj((index) -> content.slice(index, Math.min(size, end - index)))
			.toList();
	}

	/**
	 * Leave out what is more than so many bytes, in whole datagrams.
	 * @param packet a packet with or without segments, whose content becomes that of what
	 * is returned
	 * @param maximum the number of bytes
	 * @return the packet, a shorter one, or {@code null} if not even the first datagram
	 * may be sent
	 */
	static @Nullable DatagramPacket limit(DatagramPacket packet, long maximum) {
		ByteBuf content = packet.content();
		if (content.readableBytes() <= maximum) {
			return packet;
		}
		if (!(packet instanceof SegmentedDatagramPacket segmented) || segmented.segmentSize() > maximum) {
			return null;
		}
		int size = segmented.segmentSize();
		int allowed = (int) (maximum - maximum % size);
		return segmented.replace(content.readSlice(allowed));
	}

}
