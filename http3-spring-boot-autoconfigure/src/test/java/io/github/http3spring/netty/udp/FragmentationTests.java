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
		assertThat(Fragmentation.canBeForbidden(channel)).isTrue();
		channel.unsafe().closeForcibly();
	}

	@Test
	void otherSocketSendsNoFragmentsIfJavaCanForbidIt() {
		NioDatagramChannel channel = new NioDatagramChannel();
		Fragmentation.forbid(channel);
		assertThat(channel.config().getOptions().entrySet())
			.filteredOn((option) -> option.getKey().name().equals("IP_DONTFRAGMENT"))
			.allMatch((option) -> option.getValue().equals(true))
			.hasSize(Fragmentation.canBeForbidden(channel) ? 1 : 0);
		assertThat(Fragmentation.canBeForbidden(channel)).isEqualTo(Runtime.version().feature() >= 19);
		channel.unsafe().closeForcibly();
	}

}
