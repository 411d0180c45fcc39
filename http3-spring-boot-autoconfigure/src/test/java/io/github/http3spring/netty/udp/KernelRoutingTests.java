package io.github.http3spring.netty.udp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

import io.github.http3spring.netty.routing.ConnectionIdLayout;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import reactor.netty.resources.LoopResources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Tests for {@link KernelRouting}. That packets find their worker is shown by
 * {@code WorkersIT}.
 */
@EnabledOnOs(OS.LINUX)
class KernelRoutingTests {

	private static final Duration LIMIT = Duration.ofSeconds(15);

	private final LoopResources loops = LoopResources.create("kernel-routing", 1, true);

	@AfterEach
	void close() {
		this.loops.disposeLater(Duration.ZERO, LIMIT).block(LIMIT);
	}

	@Test
	void kernelRoutesForSocketsThatShareAPort() {
		Channel socket = bind();
		SharedPort.share((DatagramChannel) socket);
		Channel second = new Bootstrap().group(this.loops.onServer(true))
			.channel(EpollDatagramChannel.class)
			.handler(new ChannelInboundHandlerAdapter())
			.register()
			.syncUninterruptibly()
			.channel();
		SharedPort.share((DatagramChannel) second);
		second.bind(socket.localAddress()).syncUninterruptibly();
		assertThat(KernelRouting.begin(socket, ConnectionIdLayout.create(null))).isTrue();
	}

	@Test
	void kernelThatRefusesIsNoFailure() {
		assertThat(KernelRouting.begin(bind(), ConnectionIdLayout.create(null))).isFalse();
	}

	private Channel bind() {
		assumeThat(Epoll.isAvailable()).isTrue();
		return new Bootstrap().group(this.loops.onServer(true))
			.channel(EpollDatagramChannel.class)
			.handler(new ChannelInboundHandlerAdapter())
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.syncUninterruptibly()
			.channel();
	}

}
