package io.github.http3spring.netty.stack;

import java.net.InetSocketAddress;

import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionPathStats;
import io.netty.incubator.codec.quic.QuicConnectionStats;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link QuicStatistics}.
 */
class QuicStatisticsTests {

	private static final InetSocketAddress FIRST = new InetSocketAddress("127.0.0.1", 443);

	private static final InetSocketAddress SECOND = new InetSocketAddress("127.0.0.1", 54_321);

	private final QuicChannel channel = mock();

	private final QuicConnectionStats stats = mock();

	private final QuicConnectionPathStats firstPath = path(443);

	private final QuicConnectionPathStats secondPath = path(54_321);

	@BeforeEach
	void connect() {
		given(this.channel.isOpen()).willReturn(true);
		given(this.channel.collectStats()).willReturn(done(this.stats));
		given(this.channel.collectPathStats(0)).willReturn(done(this.firstPath));
		given(this.channel.collectPathStats(1)).willReturn(done(this.secondPath));
		given(this.channel.collectPathStats(2)).willReturn(none());
		given(this.stats.pathsCount()).willReturn(2L);
	}

	@Test
	void statisticsOfAConnectionThatHasEndedAreNone() {
		assertThat(QuicStatistics.of(this.channel)).isSameAs(this.stats);
		given(this.channel.collectStats()).willReturn(none());
		assertThat(QuicStatistics.of(this.channel)).isNull();
		assertThat(QuicStatistics.path(this.channel, FIRST)).isNull();
	}

	@Test
	void activePathIsTheOneInUse() {
		assertThat(QuicStatistics.activePath(this.channel, this.stats)).isNull();
		given(this.secondPath.active()).willReturn(true);
		assertThat(QuicStatistics.activePath(this.channel, this.stats)).isSameAs(this.secondPath);
	}

	@Test
	void pathIsFoundByTheAddressOfThePeer() {
		assertThat(QuicStatistics.path(this.channel, FIRST)).isSameAs(this.firstPath);
		assertThat(QuicStatistics.path(this.channel, SECOND)).isSameAs(this.secondPath);
		assertThat(QuicStatistics.path(this.channel, new InetSocketAddress("127.0.0.2", 443))).isNull();
		assertThat(QuicStatistics.path(this.channel, new InetSocketAddress("127.0.0.1", 444))).isNull();
	}

	@Test
	void latestOfSeveralPathsToAnAddressCounts() {
		QuicConnectionPathStats latest = path(443);
		given(this.channel.collectPathStats(2)).willReturn(done(latest));
		given(this.stats.pathsCount()).willReturn(3L);
		assertThat(QuicStatistics.path(this.channel, FIRST)).isSameAs(latest);
	}

	@Test
	void channelThatIsClosedHasNoPaths() {
		given(this.channel.isOpen()).willReturn(false);
		assertThat(QuicStatistics.path(this.channel, FIRST)).isNull();
	}

	@Test
	void pathThatIsNotThereIsNone() {
		assertThat(QuicStatistics.path(this.channel, 1)).isSameAs(this.secondPath);
		assertThat(QuicStatistics.path(this.channel, 2)).isNull();
	}

	/**
	 * The codec tells a port with its bytes swapped.
	 */
	private static QuicConnectionPathStats path(int port) {
		QuicConnectionPathStats path = mock();
		int swapped = Short.toUnsignedInt(Short.reverseBytes((short) port));
		given(path.peerAddress()).willReturn(new InetSocketAddress("127.0.0.1", swapped));
		return path;
	}

	private static <T> Future<T> done(T result) {
		return ImmediateEventExecutor.INSTANCE.newSucceededFuture(result);
	}

	private static <T> Future<T> none() {
		return ImmediateEventExecutor.INSTANCE.newFailedFuture(new IllegalStateException());
	}

}
