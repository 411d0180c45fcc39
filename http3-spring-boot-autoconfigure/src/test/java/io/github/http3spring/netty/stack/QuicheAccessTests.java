package io.github.http3spring.netty.stack;

import java.nio.ByteBuffer;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.incubator.codec.quic.QuicChannel;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link QuicheAccess} with a channel that has ended, whose native connection
 * was freed: nothing may reach for that.
 */
class QuicheAccessTests {

	private final QuicChannel ended = mock();

	@Test
	void codecOfTheBuildIsSupported() {
		assertThat(QuicheAccess.AVAILABLE).isTrue();
		assertThat(QuicheAccess.VERSION).isNotNull();
	}

	@Test
	void nothingIsClosed() {
		QuicheAccess.close(this.ended, 0x100);
		verify(this.ended, never()).parent();
	}

	@Test
	void socketWithoutACodecHasNoConnections() {
		EmbeddedChannel socket = new EmbeddedChannel();
		assertThat(QuicheAccess.find(socket.pipeline(), ByteBuffer.allocate(20))).isNull();
	}

}
