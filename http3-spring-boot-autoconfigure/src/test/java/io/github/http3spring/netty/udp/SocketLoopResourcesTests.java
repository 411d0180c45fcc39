package io.github.http3spring.netty.udp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SocketLoopResources}.
 */
class SocketLoopResourcesTests {

	private static final Duration LIMIT = Duration.ofSeconds(15);

	private final List<DatagramChannel> prepared = new ArrayList<>();

	private final SocketLoopResources resources = new SocketLoopResources("http3", this.prepared::add);

	@AfterEach
	void dispose() {
		this.resources.disposeLater(Duration.ZERO, LIMIT).block(LIMIT);
	}

	@Test
	void datagramChannelIsPreparedBeforeAnybodyGetsIt() {
		EventLoopGroup group = this.resources.onServer(false);
		DatagramChannel channel = this.resources.onChannel(DatagramChannel.class, group);
		assertThat(this.prepared).containsExactly(channel);
		assertThat(channel.isRegistered()).isFalse();
		channel.unsafe().closeForcibly();
	}

	@Test
	void otherChannelsAreNotPrepared() {
		EventLoopGroup group = this.resources.onServer(false);
		ServerSocketChannel channel = this.resources.onChannel(ServerSocketChannel.class, group);
		assertThat(this.prepared).isEmpty();
		channel.unsafe().closeForcibly();
	}

}
