package io.github.http3spring.netty.path;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.netty.stack.PathReading;
import io.github.http3spring.netty.stack.PathTiming;
import io.github.http3spring.netty.stack.QuicheAccess;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicTransportParameters;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the datagrams of a connection to what its path carries (RFC 9000 section 14).
 * Confined to the event loop of the connection.
 * <p>
 * quiche finds out by probes how much that is, and then never goes below it: when the
 * path changes, everything large is lost for good. It sends no more than fits into the
 * buffer that the codec allocates for it, so this is the allocator of the connection, and
 * the buffers are small from the moment on that a black hole is found or the client has
 * moved to another host. What else is allocated here grows when it is written to.
 */
public final class DatagramSize extends AbstractByteBufAllocator {

	/**
	 * Time until the first look after a packet was sent, and the least until the next.
	 */
	static final Duration MIN_INTERVAL = Duration.ofMillis(200);

	/**
	 * Probe timeouts between two looks: two probes remain unanswered within three (RFC
	 * 9002 section 6.2.1).
	 */
	private static final int PROBE_TIMEOUTS = 3;

	private final QuicChannel channel;

	private final ByteBufAllocator buffers;

	private final Duration maxIdleTimeout;

	private final Runnable blackHoleFound;

	/**
	 * What was seen of the path since something is in flight.
	 */
	private @Nullable BlackHole blackHole;

	private @Nullable InetAddress host;

	private int limit;

	private @Nullable Future<?> look;

	private DatagramSize(QuicChannel channel, Duration maxIdleTimeout, Runnable blackHoleFound) {
		this.channel = channel;
		this.buffers = channel.alloc();
		this.maxIdleTimeout = maxIdleTimeout;
		this.blackHoleFound = blackHoleFound;
		this.host = host(channel.remoteSocketAddress());
		this.limit = QuicheAccess.AVAILABLE ? Integer.MAX_VALUE : BlackHole.SMALLEST_MAXIMUM;
	}

	/**
	 * Begin with a connection of which nothing was sent yet.
	 * @param channel the connection
	 * @param maxUdpPayload bytes in the largest UDP payload that we may send; with what
	 * every path carries there is nothing to look for
	 * @param maxIdleTimeout the idle timeout that we have announced, zero for none
	 * @param blackHoleFound told when the path has ceased to carry large datagrams
	 * @return what keeps its datagrams small
	 */
	public static DatagramSize of(QuicChannel channel, long maxUdpPayload, Duration maxIdleTimeout,
			Runnable blackHoleFound) {
		DatagramSize size = new DatagramSize(channel, maxIdleTimeout, blackHoleFound);
		if (maxUdpPayload > BlackHole.SMALLEST_MAXIMUM) {
			channel.config().setAllocator(size);
		}
		return size;
	}

	/**
	 * Heed what the client accepts, which probes do not (RFC 9000 section 18.2).
	 */
	public void established() {
		QuicTransportParameters parameters = this.channel.peerTransportParameters();
		if (parameters != null) {
			limit(parameters.maxUdpPayloadSize());
		}
	}

	/**
	 * Note where the client is. The way to another host is another one, and unknown. A
	 * port that changes is a matter of its NAT.
	 */
	public void moved(@Nullable SocketAddress address) {
		InetAddress host = host(address);
		if (host != null && !host.equals(this.host)) {
			this.host = host;
			limit(BlackHole.SMALLEST_MAXIMUM);
		}
	}

	/**
	 * Be content with what was found out until now: a probe that is lost would be waited
	 * for.
	 */
	public void settle() {
		PathReading reading = PathReading.of(this.channel, this.maxIdleTimeout);
		if (reading != null) {
			limit(reading.maxDatagramSize());
		}
	}

	/**
	 * Look at the path no more.
	 */
	public void cancel() {
		if (this.look != null) {
			this.look.cancel(false);
		}
	}

	private void limit(long maximum) {
		this.limit = (int) Math.max(BlackHole.SMALLEST_MAXIMUM, Math.min(this.limit, maximum));
	}

	private static @Nullable InetAddress host(@Nullable SocketAddress address) {
		return (address instanceof InetSocketAddress inetAddress) ? inetAddress.getAddress() : null;
	}

	@Override
	protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
		if (initialCapacity <= BlackHole.SMALLEST_MAXIMUM) {
			return this.buffers.directBuffer(initialCapacity, maxCapacity);
		}
		if (this.look == null && this.limit > BlackHole.SMALLEST_MAXIMUM && this.channel.isActive()) {
			lookAfter(MIN_INTERVAL);
		}
		return this.buffers.directBuffer(Math.min(initialCapacity, this.limit), maxCapacity);
	}

	private void lookAfter(Duration delay) {
		this.look = this.channel.eventLoop().schedule(this::look, delay.toNanos(), TimeUnit.NANOSECONDS);
	}

	private void look() {
		this.look = null;
		PathReading reading = PathReading.of(this.channel, this.maxIdleTimeout);
		if (reading == null || !reading.inFlight() || this.limit <= BlackHole.SMALLEST_MAXIMUM) {
			this.blackHole = null;
			return;
		}
		if (this.blackHole == null) {
			this.blackHole = new BlackHole();
		}
		if (this.blackHole.isFound(reading)) {
			limit(BlackHole.SMALLEST_MAXIMUM);
			this.blackHoleFound.run();
		}
		else {
			Duration interval = PathTiming.probeTimeout(this.channel).multipliedBy(PROBE_TIMEOUTS);
			lookAfter((interval.compareTo(MIN_INTERVAL) > 0) ? interval : MIN_INTERVAL);
		}
	}

	@Override
	protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
		return this.buffers.heapBuffer(initialCapacity, maxCapacity);
	}

	@Override
	public boolean isDirectBufferPooled() {
		return this.buffers.isDirectBufferPooled();
	}

}
