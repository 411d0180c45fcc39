package io.github.http3spring.netty.udp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.util.ReferenceCountUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Tests for {@link SegmentationOffload}.
 */
class SegmentationOffloadTests {

	private static final InetSocketAddress PEER = new InetSocketAddress("127.0.0.1", 4433);

	private final SegmentationOffload offload = new SegmentationOffload(1200);

	@ParameterizedTest
	@CsvSource({ "1200, 54", "1452, 45", "1000, 64", "65507, 1", "65527, 0" })
	void segmentsOfAPacketFitIntoAUdpPayload(long payload, int segments) {
		assertThat(new SegmentationOffload(payload).maxNumSegments()).isEqualTo(segments);
	}

	@Test
	void segmentsAreFewerWhenACustomizerHasMadeThemLarger() {
		assumeThat(Epoll.isAvailable()).isTrue();
		this.offload.newPacket(Unpooled.wrappedBuffer(new byte[54 * 1200]), 1200, PEER);
		assertThat(this.offload.maxNumSegments()).isEqualTo(54);
		this.offload.newPacket(Unpooled.wrappedBuffer(new byte[54 * 1452]), 1452, PEER);
		assertThat(this.offload.maxNumSegments()).isEqualTo(45);
	}

	@ParameterizedTest
	// EIO and EINVAL
	@ValueSource(ints = { -5, -22 })
	void offloadIsTurnedOffWhenTheNetworkCannotDoIt(int error) {
		EmbeddedChannel channel = channel(new NativeIoException("sendmmsg", error), this.offload);
		assertThat(SegmentationOffload.isOn(channel)).isTrue();
		channel.write(segments("ab", "c"));
		channel.flush();
		assertThat(this.offload.maxNumSegments()).isZero();
		assertThat(SegmentationOffload.isOn(channel)).isFalse();
	}

	@Test
	void offloadStaysAfterOtherFailures() {
		// EPERM
		assertStays(new NativeIoException("sendmmsg", -1), segments("ab", "c"));
		assertStays(new ClosedChannelException(), segments("ab", "c"));
		assertStays(new NativeIoException("sendmmsg", -22), new DatagramPacket(Unpooled.EMPTY_BUFFER, PEER));
	}

	@Test
	void offloadStaysWhenSegmentsAreTooLargeForTheWayToOneClient() {
		assertStays(new NativeIoException("sendmmsg", -22), largeSegments());
		EmbeddedChannel channel = channel(new NativeIoException("sendmmsg", -5), this.offload);
		channel.write(largeSegments());
		channel.flush();
		assertThat(SegmentationOffload.isOn(channel)).isFalse();
	}

	private static DatagramPacket largeSegments() {
		return new SegmentedDatagramPacket(Unpooled.wrappedBuffer(new byte[2 * 1452]), 1452, PEER);
	}

	private static void assertStays(IOException failure, DatagramPacket packet) {
		EmbeddedChannel channel = channel(failure, new SegmentationOffload(1200));
		channel.write(packet);
		channel.flush();
		assertThat(SegmentationOffload.isOn(channel)).isTrue();
	}

	@Test
	void offloadIsForEpollSocketsOnly() {
		NioDatagramChannel nio = new NioDatagramChannel();
		try {
			assertThat(SegmentationOffload.create(nio, 1200)).isNull();
			assertThat(SegmentationOffload.isOn(nio)).isFalse();
		}
		finally {
			nio.unsafe().closeForcibly();
		}
		assumeThat(Epoll.isAvailable()).isTrue();
		EpollDatagramChannel epoll = new EpollDatagramChannel();
		try {
			assertThat(SegmentationOffload.create(epoll, 1200) != null)
				.isEqualTo(EpollDatagramChannel.isSegmentedDatagramPacketSupported());
		}
		finally {
			epoll.unsafe().closeForcibly();
		}
	}

	@Test
	void packetIsTakenApartIntoItsDatagrams() {
		assertThat(contents(segments("abc", "def", "g"))).containsExactly("abc", "def", "g");
		assertThat(contents(segments("abc", "def"))).containsExactly("abc", "def");
		assertThat(contents(new DatagramPacket(Unpooled.wrappedBuffer("abc".getBytes()), PEER))).containsExactly("abc");
	}

	private static List<String> contents(DatagramPacket packet) {
		return SegmentationOffload.datagrams(packet)
			.stream()
			.map((datagram) -> datagram.toString(StandardCharsets.US_ASCII))
			.toList();
	}

	private static DatagramPacket segments(String first, String... others) {
		ByteBuf content = Unpooled.copiedBuffer(first + String.join("", others), StandardCharsets.US_ASCII);
		return new SegmentedDatagramPacket(content, first.length(), PEER);
	}

	private static EmbeddedChannel channel(Throwable failure, SegmentationOffload offload) {
		return new EmbeddedChannel(new ChannelOutboundHandlerAdapter() {

			@Override
			public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
				ReferenceCountUtil.release(msg);
				promise.setFailure(failure);
			}

		}, offload);
	}

}
