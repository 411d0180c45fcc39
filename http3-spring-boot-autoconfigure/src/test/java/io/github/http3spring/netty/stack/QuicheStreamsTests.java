package io.github.http3spring.netty.stack;

import io.netty.incubator.codec.quic.QuicChannel;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link QuicheStreams} with a channel that has ended, whose native connection
 * was freed: nothing may reach for that.
 */
class QuicheStreamsTests {

	private final QuicChannel ended = mock();

	@Test
	void nothingIsReadOrGivenAPriority() {
		assertThat(QuicheStreams.isAtEnd(this.ended, 0)).isFalse();
		QuicheStreams.prioritize(this.ended, 0, 3, false);
		verify(this.ended, never()).parent();
	}

}
