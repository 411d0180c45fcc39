package io.github.http3spring.netty.connection;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.netty.stack.PathTiming;
import io.github.http3spring.shutdown.ConnectionTiming;
import io.github.http3spring.shutdown.PeerActivity;
import io.github.http3spring.shutdown.RoundTripTime;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.util.concurrent.Future;

/**
 * Tells the life of a connection the times that follow from its path and from the
 * settings of its server. Confined to the event loop of the connection.
 */
final class PathTimes implements ConnectionTiming {

	private final QuicChannel channel;

	private final ServerContext server;

	PathTimes(QuicChannel channel, ServerContext server) {
		this.channel = channel;
		this.server = server;
	}

	@Override
	public long nanoTime() {
		return System.nanoTime();
	}

	@Override
	public Timer schedule(Duration delay, Runnable task) {
		Future<?> future = this.channel.eventLoop().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
		return () -> future.cancel(false);
	}

	@Override
	public Duration goAwayDelay() {
		Duration delay = this.server.shutdownPolicy().goAwayDelay();
		return (delay != null) ? delay : PathTiming.goAwayDelay(this.channel);
	}

	@Override
	public Duration maxGoAwayDelay() {
		Duration delay = this.server.shutdownPolicy().goAwayDelay();
		return (delay != null) ? delay : RoundTripTime.MAX_GOAWAY_DELAY;
	}

	@Override
	public PeerActivity activity() {
		return PathTiming.activity(this.channel);
	}

	@Override
	public Optional<Duration> idleTimeout() {
		return PathTiming.idleTimeout(this.channel, this.server.maxIdleTimeout());
	}

}
