package io.github.http3spring.netty.path;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicChannelConfig;
import io.netty.incubator.codec.quic.QuicConnectionPathStats;
import io.netty.incubator.codec.quic.QuicConnectionStats;
import io.netty.incubator.codec.quic.QuicTransportParameters;
import io.netty.util.concurrent.ImmediateEventExecutor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;

/**
 * Tests for {@link DatagramSize}.
 */
class DatagramSizeTests {

	private static final int LARGE = 1452;

	private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);

	private final EmbeddedChannel loop = new EmbeddedChannel();

	private final QuicChannel channel = mock();

	private final QuicChannelConfig config = mock();

	private final QuicConnectionStats stats = mock();

	private final QuicConnectionPathStats path = mock();

	private final QuicTransportParameters parameters = mock();

	private final Runnable blackHoleFound = mock();

	private DatagramSize size;

	private long sentBytes;

	@BeforeEach
	void connect() {
		this.loop.freezeTime();
		given(this.channel.alloc()).willReturn(UnpooledByteBufAllocator.DEFAULT);
		given(this.channel.config()).willReturn(this.config);
		given(this.channel.remoteSocketAddress()).willReturn(new InetSocketAddress("192.0.2.1", 1111));
		given(this.channel.eventLoop()).willReturn(this.loop.eventLoop());
		given(this.channel.collectStats()).willReturn(ImmediateEventExecutor.INSTANCE.newSucceededFuture(this.stats));
		given(this.channel.collectPathStats(0))
			.willReturn(ImmediateEventExecutor.INSTANCE.newSucceededFuture(this.path));
		given(this.channel.peerTransportParameters()).willReturn(this.parameters);
		given(this.stats.pathsCount()).willReturn(1L);
		given(this.path.active()).willReturn(true);
		given(this.path.rtt()).willReturn(TimeUnit.MILLISECONDS.toNanos(20));
		given(this.path.pmtu()).willReturn((long) LARGE);
		this.size = DatagramSize.of(this.channel, LARGE, IDLE_TIMEOUT, this.blackHoleFound);
	}

	@Test
	void connectionAllocatesItsBuffersHere() {
		verify(this.config).setAllocator(this.size);
		assertThat(allocate(LARGE)).isEqualTo(LARGE);
		assertThat(allocate(100)).isEqualTo(100);
	}

	@Test
	void connectionThatSendsWhatEveryPathCarriesAllocatesWhereItDid() {
		QuicChannelConfig other = mock();
		given(this.channel.config()).willReturn(other);
		DatagramSize.of(this.channel, BlackHole.SMALLEST_MAXIMUM, IDLE_TIMEOUT, this.blackHoleFound);
		verifyNoInteractions(other);
		DatagramSize size = DatagramSize.of(this.channel, BlackHole.SMALLEST_MAXIMUM + 1, IDLE_TIMEOUT,
				this.blackHoleFound);
		verify(other).setAllocator(size);
	}

	@Test
	void datagramsAreSmallOnceTheyVanish() {
		send();
		pass(DatagramSize.MIN_INTERVAL);
		assertThat(allocate(LARGE)).isEqualTo(LARGE);
		verify(this.blackHoleFound, never()).run();
		send();
		pass(Duration.ofSeconds(1));
		assertThat(allocate(LARGE)).isEqualTo(BlackHole.SMALLEST_MAXIMUM);
		verify(this.blackHoleFound).run();
		assertThat(allocate(100)).isEqualTo(100);
	}

	@Test
	void datagramsStayLargeWhileTheyAreAcknowledged() {
		send();
		for (int look = 1; look < 10; look++) {
			given(this.path.rtt()).willReturn(TimeUnit.MILLISECONDS.toNanos(20) + look);
			pass(DatagramSize.MIN_INTERVAL);
		}
		assertThat(allocate(LARGE)).isEqualTo(LARGE);
	}

	@Test
	void nobodyLooksAtThePathOnceDatagramsAreSmall() {
		send();
		this.size.moved(new InetSocketAddress("192.0.2.2", 1111));
		pass(DatagramSize.MIN_INTERVAL);
		send();
		assertThat(this.loop.runScheduledPendingTasks()).isEqualTo(-1);
		verify(this.blackHoleFound, never()).run();
	}

	@Test
	void datagramsToAnotherHostAreSmall() {
		this.size.moved(new InetSocketAddress("192.0.2.1", 2222));
		assertThat(allocate(LARGE)).isEqualTo(LARGE);
		this.size.moved(new InetSocketAddress("192.0.2.2", 1111));
		assertThat(allocate(LARGE)).isEqualTo(BlackHole.SMALLEST_MAXIMUM);
		this.size.moved(new InetSocketAddress("192.0.2.1", 1111));
		assertThat(allocate(LARGE)).isEqualTo(BlackHole.SMALLEST_MAXIMUM);
	}

	@Test
	void datagramsAreNoLargerThanTheClientAccepts() {
		given(this.parameters.maxUdpPayloadSize()).willReturn(1300L);
		this.size.established();
		assertThat(allocate(LARGE)).isEqualTo(1300);
		assertThat(allocate(1250)).isEqualTo(1250);
	}

	@Test
	void datagramsGrowNoMoreOnceTheirSizeIsSettled() {
		given(this.path.pmtu()).willReturn(1326L);
		this.size.settle();
		assertThat(allocate(LARGE)).isEqualTo(1326);
	}

	@Test
	void nothingWaitsForAConnectionThatHasEnded() {
		send();
		assertThat(this.loop.runScheduledPendingTasks()).isPositive();
		this.size.cancel();
		assertThat(this.loop.runScheduledPendingTasks()).isEqualTo(-1);
		send();
		assertThat(this.loop.runScheduledPendingTasks()).isEqualTo(-1);
	}

	@Test
	void whatIsNoDatagramGrows() {
		this.size.moved(new InetSocketAddress("192.0.2.2", 1111));
		ByteBuf buffer = ((ByteBufAllocator) this.size).directBuffer(LARGE).writeZero(LARGE);
		assertThat(buffer.readableBytes()).isEqualTo(LARGE);
		buffer.release();
	}

	/**
	 * Send something, which quiche has in flight from then on: it is not asked about a
	 * connection that is not active.
	 */
	private void send() {
		given(this.channel.isActive()).willReturn(true);
		allocate(LARGE);
		this.sentBytes += 2 * LARGE;
		given(this.stats.sentBytes()).willReturn(this.sentBytes);
		given(this.channel.isActive()).willReturn(false);
	}

	private int allocate(int bytes) {
		ByteBuf buffer = ((ByteBufAllocator) this.size).directBuffer(bytes);
		int writable = buffer.writableBytes();
		buffer.release();
		return writable;
	}

	private void pass(Duration time) {
		this.loop.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
		this.loop.runScheduledPendingTasks();
	}

}
