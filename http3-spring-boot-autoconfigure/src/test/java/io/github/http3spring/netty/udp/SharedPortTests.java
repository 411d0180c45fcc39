package io.github.http3spring.netty.udp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.stream.Stream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Tests for {@link SharedPort}.
 */
class SharedPortTests {

	private EventLoopGroup group = new NioEventLoopGroup(1);

	@AfterEach
	void close() {
		this.group.shutdownGracefully().awaitUninterruptibly();
	}

	private static Stream<Class<? extends DatagramChannel>> sockets() {
		return Epoll.isAvailable() ? Stream.of(NioDatagramChannel.class, EpollDatagramChannel.class)
				: Stream.of(NioDatagramChannel.class);
	}

	@ParameterizedTest
	@MethodSource("sockets")
	void portIsSharedFromTheSecondSocketOnAndWithNobodyElse(Class<? extends DatagramChannel> type) {
		if (type == EpollDatagramChannel.class) {
			close();
			this.group = new EpollEventLoopGroup(1);
		}
		DatagramChannel first = bind(type, 0, false);
		assumeThat(SharedPort.isPossible(first)).isTrue();
		int port = first.localAddress().getPort();
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> bind(type, port, true));
		SharedPort.share(first);
		DatagramChannel second = bind(type, port, true);
		assertThat(second.localAddress().getPort()).isEqualTo(port);
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> bind(type, port, false));
	}

	private DatagramChannel bind(Class<? extends DatagramChannel> type, int port, boolean shared) {
		Channel channel = new Bootstrap().group(this.group)
			.channel(type)
			.handler(new ChannelInboundHandlerAdapter())
			.register()
			.syncUninterruptibly()
			.channel();
		if (shared) {
			SharedPort.share((DatagramChannel) channel);
		}
		channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)).syncUninterruptibly();
		return (DatagramChannel) channel;
	}

}
