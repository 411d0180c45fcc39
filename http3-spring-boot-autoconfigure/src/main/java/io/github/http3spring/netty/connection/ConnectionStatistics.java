package io.github.http3spring.netty.connection;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.http3spring.netty.path.PeerAddresses;
import io.github.http3spring.netty.stack.PathTiming;
import io.github.http3spring.netty.stack.QuicStatistics;
import io.github.http3spring.server.ConnectionSample;
import io.github.http3spring.server.ConnectionSnapshot;
import io.github.http3spring.server.OpenRequestSnapshot;
import io.github.http3spring.shutdown.ConnectionShutdown;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionStats;
import org.jspecify.annotations.Nullable;

/**
 * What is noted of a connection only to be looked at by people. Confined to the event
 * loop of the connection; costs nothing per request.
 */
final class ConnectionStatistics implements ConnectionEvents {

	private final QuicChannel channel;

	private final long serial;

	private final long openedAt = System.nanoTime();

	private List<Long> goAwayIds = List.of();

	private int migrations;

	private @Nullable QuicConnectionStats sampled;

	/**
	 * Begin with a new connection.
	 * @param serial makes the short identifier of the channel, which stands in log lines
	 * of Netty, unique
	 */
	ConnectionStatistics(QuicChannel channel, long serial) {
		this.channel = channel;
		this.serial = serial;
	}

	long serial() {
		return this.serial;
	}

	/**
	 * Return the identifier, made each time: few connections are ever asked for it.
	 */
	String id() {
		return this.channel.id().asShortText() + "-" + this.serial;
	}

	@Override
	public void goAwaySent(long streamId, int open) {
		List<Long> ids = new ArrayList<>(this.goAwayIds);
		ids.add(streamId);
		this.goAwayIds = List.copyOf(ids);
	}

	@Override
	public void moved(@Nullable SocketAddress peer) {
		this.migrations++;
	}

	/**
	 * Return how long ago the first packet arrived.
	 */
	Duration age() {
		return Duration.ofNanos(System.nanoTime() - this.openedAt);
	}

	/**
	 * Return what has happened since the last call, {@code null} if nothing. Works when
	 * the channel is closed, but there is no round-trip time then.
	 */
	@Nullable ConnectionSample sample() {
		QuicConnectionStats before = this.sampled;
		QuicConnectionStats now = QuicStatistics.of(this.channel);
		if (now == null) {
			return null;
		}
		this.sampled = now;
		if (before == null) {
			return new ConnectionSample(roundTripTime(now), now.sent(), now.recv(), now.lost(), now.sentBytes(),
					now.recvBytes());
		}
		boolean heard = now.recv() > before.recv();
		if (!heard && now.sent() == before.sent() && now.lost() == before.lost()) {
			return null;
		}
		return new ConnectionSample(heard ? roundTripTime(now) : null, now.sent() - before.sent(),
				now.recv() - before.recv(), now.lost() - before.lost(), now.sentBytes() - before.sentBytes(),
				now.recvBytes() - before.recvBytes());
	}

	private @Nullable Duration roundTripTime(QuicConnectionStats stats) {
		return this.channel.isActive() ? PathTiming.measuredRoundTripTime(this.channel, stats) : null;
	}

	ConnectionSnapshot snapshot(int worker, ConnectionShutdown shutdown, List<OpenRequestSnapshot> requests) {
		SocketAddress peer = PeerAddresses.of(this.channel);
		QuicConnectionStats stats = this.channel.isActive() ? QuicStatistics.of(this.channel) : null;
		Duration roundTripTime = (stats != null) ? roundTripTime(stats) : null;
		return new ConnectionSnapshot(id(), worker, peer, age(), shutdown.state(), shutdown.requests().open(), requests,
				this.goAwayIds, roundTripTime, (stats != null) ? stats.lost() : 0,
				(stats != null) ? stats.sentBytes() : 0, (stats != null) ? stats.recvBytes() : 0, this.migrations);
	}

}
