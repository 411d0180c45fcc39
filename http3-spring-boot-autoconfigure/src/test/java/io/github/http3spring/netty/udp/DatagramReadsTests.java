package io.github.http3spring.netty.udp;

import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests for {@link DatagramReads}.
 */
class DatagramReadsTests {

	@ParameterizedTest
	@CsvSource({ "2048, 32768", "1200, 32400", "9000, 27000", "65527, 65527" })
	void epollSocketReadsAsManyDatagramsAtOnceAsFitIntoABuffer(int maxPayload, int bytes) {
		assumeTrue(Epoll.isAvailable());
		EpollDatagramChannel channel = new EpollDatagramChannel();
		DatagramReads.applyTo(channel, maxPayload);
		assertThat(channel.config().getOption(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE)).isEqualTo(maxPayload);
		assertThat(guess(channel)).isEqualTo(bytes);
		channel.unsafe().closeForcibly();
	}

	@Test
	void otherSocketReadsOneDatagramOfTheLargestSize() {
		NioDatagramChannel channel = new NioDatagramChannel();
		DatagramReads.applyTo(channel, 9000);
		assertThat(guess(channel)).isEqualTo(9000);
		channel.unsafe().closeForcibly();
	}

	@Test
	void everySocketReadsManyInATurn() {
		NioDatagramChannel channel = new NioDatagramChannel();
		DatagramReads.applyTo(channel, 2048);
		FixedRecvByteBufAllocator allocator = channel.config().getRecvByteBufAllocator();
		assertThat(allocator.maxMessagesPerRead()).isEqualTo(1024);
		channel.unsafe().closeForcibly();
	}

	private static int guess(DatagramChannel channel) {
		RecvByteBufAllocator allocator = channel.config().getOption(ChannelOption.RCVBUF_ALLOCATOR);
		assertThat(allocator).isInstanceOf(FixedRecvByteBufAllocator.class);
		return allocator.newHandle().guess();
	}

}
