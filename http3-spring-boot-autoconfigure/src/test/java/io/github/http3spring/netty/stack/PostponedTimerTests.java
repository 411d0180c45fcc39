package io.github.http3spring.netty.stack;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicChannelConfig;
import io.netty.incubator.codec.quic.QuicChannelOption;
import io.netty.incubator.codec.quic.SegmentedDatagramPacketAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import org.mockito.MockedStatic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockStatic;

/**
 * Tests for {@link PostponedTimer}.
 */
class PostponedTimerTests {

	@AutoClose
	private final MockedStatic<QuicheTimers> timers = mockStatic(QuicheTimers.class);

	private final QuicChannel channel = mock();

	private final QuicChannelConfig config = mock();

	private final ScheduledFuture<?> timer = mock();

	private @Nullable ScheduledFuture<?> ofTheCodec;

	@BeforeEach
	void connect() {
		given(this.channel.config()).willReturn(this.config);
		this.timers.when(() -> QuicheTimers.timer(this.channel)).thenAnswer((invocation) -> this.ofTheCodec);
		this.timers.when(() -> QuicheTimers.setTimer(eq(this.channel), any()))
			.thenAnswer((invocation) -> this.ofTheCodec = invocation.getArgument(1));
	}

	@Test
	void timerThatIsDueSaysThatItIsNotYet() {
		given(this.timer.getDelay(TimeUnit.NANOSECONDS)).willReturn(0L);
		assertThat(postponed().getDelay(TimeUnit.NANOSECONDS)).isOne();
	}

	@Test
	void timerThatIsNotDueTellsTheTimeThatIsLeft() {
		given(this.timer.getDelay(TimeUnit.NANOSECONDS)).willReturn(20_000_000L);
		assertThat(postponed().getDelay(TimeUnit.NANOSECONDS)).isEqualTo(20_000_000);
	}

	@Test
	void timerIsCancelledForTheCodec() {
		postponed().cancel(false);
		then(this.timer).should().cancel(false);
	}

	@Test
	void timerIsPostponedOnce() {
		SegmentedDatagramPacketAllocator packets = packets();
		this.ofTheCodec = this.timer;
		packets.maxNumSegments();
		ScheduledFuture<?> first = this.ofTheCodec;
		packets.maxNumSegments();
		assertThatObject(this.ofTheCodec).isSameAs(first).isNotSameAs(this.timer);
	}

	@Test
	void connectionWithoutATimerGetsNone() {
		assertThat(packets().maxNumSegments()).isEqualTo(64);
		assertThatObject(this.ofTheCodec).isNull();
	}

	private ScheduledFuture<?> postponed() {
		this.ofTheCodec = this.timer;
		packets().maxNumSegments();
		assertThatObject(this.ofTheCodec).isNotNull();
		return this.ofTheCodec;
	}

	/**
	 * Return what the codec has instead of an allocator of 64 segments.
	 */
	private SegmentedDatagramPacketAllocator packets() {
		SegmentedDatagramPacketAllocator segments = mock();
		given(segments.maxNumSegments()).willReturn(64);
		given(this.config.getOption(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR)).willReturn(segments);
		PostponedTimer.applyTo(this.channel);
		ArgumentCaptor<SegmentedDatagramPacketAllocator> packets = ArgumentCaptor
			.forClass(SegmentedDatagramPacketAllocator.class);
		then(this.config).should()
			.setOption(eq(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR), packets.capture());
		return packets.getValue();
	}

}
