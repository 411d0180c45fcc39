package io.github.http3spring.netty.udp;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests for {@link Fragmentation}.
 */
class FragmentationTests {

	@Test
	void epollSocketSendsNoFragments() {
		assumeTrue(Epoll.isAvailable());
		EpollDatagramChannel channel = new EpollDatagramChannel();
		Fragmentation.forbid(channel);
		assertThat(channel.config().getOption(Fragmentation.IPV4)).isEqualTo(Fragmentation.PROBE);
		channel.unsafe().closeForcibly();
	}

	@Test
	void otherSocketIsLeftAlone() {
		NioDatagramChannel channel = new NioDatagramChannel();
		Fragmentation.forbid(channel);
		assertThat(channel.isOpen()).isTrue();
		channel.unsafe().closeForcibly();
	}

}
