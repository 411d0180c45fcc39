package io.github.http3spring.netty.udp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.stream.Stream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.netty.resources.LoopResources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Tests for {@link SharedPort}.
 */
class SharedPortTests {

	private static final Duration LIMIT = Duration.ofSeconds(15);

	private final LoopResources loops = LoopResources.create("shared-port", 1, true);

	@AfterEach
	void close() {
		this.loops.disposeLater(Duration.ZERO, LIMIT).block(LIMIT);
	}

	private static Stream<Class<? extends DatagramChannel>> sockets() {
		return Epoll.isAvailable() ? Stream.of(NioDatagramChannel.class, EpollDatagramChannel.class)
				: Stream.of(NioDatagramChannel.class);
	}

	@ParameterizedTest
	@MethodSource("sockets")
	void portIsSharedFromTheSecondSocketOnAndWithNobodyElse(Class<? extends DatagramChannel> type) {
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
		Channel channel = new Bootstrap().group(this.loops.onServer(type == EpollDatagramChannel.class))
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
