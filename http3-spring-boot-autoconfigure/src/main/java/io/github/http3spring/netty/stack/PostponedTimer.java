package io.github.http3spring.netty.stack;

import java.net.InetSocketAddress;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DatagramPacket;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicChannelOption;
import io.netty.incubator.codec.quic.SegmentedDatagramPacketAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the timer of a connection from firing while the codec sends. At the end of that
 * the codec calls a timer itself that is due: quiche takes packets for lost (RFC 9002
 * section 6.1.2), and the codec does not send their content again, since it is sending.
 * If nothing else is in flight there is no timer after that, and the client waits for the
 * rest of its response until the connection is idle for too long. A timer that says that
 * it is not due yet is called by the event loop soon after. Confined to the event loop of
 * the connection.
 */
public final class PostponedTimer implements SegmentedDatagramPacketAllocator {

	private final QuicChannel channel;

	private final SegmentedDatagramPacketAllocator packets;

	private PostponedTimer(QuicChannel channel, SegmentedDatagramPacketAllocator packets) {
		this.channel = channel;
		this.packets = packets;
	}

	/**
	 * Postpone the timers of a connection from now on.
	 */
	public static void applyTo(QuicChannel channel) {
		SegmentedDatagramPacketAllocator packets = channel.config()
			.getOption(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR);
		channel.config()
			.setOption(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, new PostponedTimer(channel, packets));
	}

	/**
	 * The first thing that the codec asks for when it sends.
	 */
	@Override
	public int maxNumSegments() {
		ScheduledFuture<?> timer = QuicheTimers.timer(this.channel);
		if (timer != null && !(timer instanceof NotDue)) {
			QuicheTimers.setTimer(this.channel, new NotDue(timer));
		}
		return this.packets.maxNumSegments();
	}

	@Override
	public DatagramPacket newPacket(ByteBuf buffer, int segmentSize, InetSocketAddress remoteAddress) {
		return this.packets.newPacket(buffer, segmentSize, remoteAddress);
	}

	/**
	 * A timer that always has some time left, if only a nanosecond.
	 *
	 * @param timer the timer as it is
	 */
	private record NotDue(ScheduledFuture<?> timer) implements ScheduledFuture<@Nullable Object> {

		@Override
		public long getDelay(TimeUnit unit) {
			return Math.max(1, this.timer.getDelay(unit));
		}

		@Override
		public int compareTo(Delayed other) {
			return this.timer.compareTo(other);
		}

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			return this.timer.cancel(mayInterruptIfRunning);
		}

		@Override
		public boolean isCancelled() {
			return this.timer.isCancelled();
		}

		@Override
		public boolean isDone() {
			return this.timer.isDone();
		}

		@Override
		public @Nullable Object get() throws InterruptedException, ExecutionException {
			return this.timer.get();
		}

		@Override
		public @Nullable Object get(long timeout, TimeUnit unit)
				throws InterruptedException, ExecutionException, TimeoutException {
			return this.timer.get(timeout, unit);
		}

	}

}
