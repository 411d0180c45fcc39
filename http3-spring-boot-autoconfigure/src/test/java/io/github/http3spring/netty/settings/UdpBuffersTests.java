package io.github.http3spring.netty.settings;

import java.util.function.Supplier;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Tests for {@link UdpBuffers}.
 */
class UdpBuffersTests {

	private static final UdpBuffers ASKED = new UdpBuffers(64 << 10, 100 << 10);

	@Test
	void whatIsAskedForIsGrantedToASocketOfJava() {
		assertGranted(NioDatagramChannel::new);
	}

	@Test
	void whatIsAskedForIsGrantedToAnEpollSocket() {
		assumeThat(Epoll.isAvailable()).isTrue();
		assertGranted(EpollDatagramChannel::new);
	}

	@Test
	void whatTheSystemDoesNotGrantIsSeen() {
		UdpBuffers tooLarge = new UdpBuffers((1 << 30) - 1, (1 << 30) - 1);
		DatagramChannel channel = new NioDatagramChannel();
		try {
			tooLarge.applyTo(channel);
			UdpBuffers granted = UdpBuffers.of(channel);
			assertThat(granted.receive()).isPositive();
			assertThat(granted.satisfies(tooLarge)).isFalse();
			assertThat(granted.satisfies(granted)).isTrue();
		}
		finally {
			channel.unsafe().closeForcibly();
		}
	}

	@Test
	void eachBufferHasToBeLargeEnough() {
		assertThat(new UdpBuffers(2, 1).satisfies(new UdpBuffers(1, 1))).isTrue();
		assertThat(new UdpBuffers(2, 1).satisfies(new UdpBuffers(1, 2))).isFalse();
		assertThat(new UdpBuffers(1, 2).satisfies(new UdpBuffers(2, 1))).isFalse();
	}

	private static void assertGranted(Supplier<DatagramChannel> socket) {
		DatagramChannel channel = socket.get();
		try {
			ASKED.applyTo(channel);
			assertThat(UdpBuffers.of(channel)).isEqualTo(ASKED);
		}
		finally {
			channel.unsafe().closeForcibly();
		}
	}

}
