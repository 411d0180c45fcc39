package io.github.http3spring.netty.settings;

import java.net.InetAddress;
import java.time.Duration;
import java.util.function.IntSupplier;

import io.github.http3spring.netty.NettyHttp3ServerFactory;
import io.github.http3spring.netty.routing.ConnectionIdLayout;
import io.github.http3spring.netty.tls.StatelessReset;
import io.github.http3spring.shutdown.CloseTiming;
import io.github.http3spring.shutdown.ConnectionPolicy;
import io.github.http3spring.shutdown.ShutdownPolicy;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.web.server.Compression;
import org.springframework.boot.web.server.Shutdown;

/**
 * Settings of the server that {@link NettyHttp3ServerFactory} creates.
 *
 * @param address address to listen on, {@code null} for that which customizers have given
 * the TCP server
 * @param port UDP port to listen on, asked for when the server starts; 0 for a free one
 * @param otherPortIfTaken whether to take a free port instead of a failure
 * @param workers number of event loops to ask for, each with a socket, {@code null} for
 * as many as fit
 * @param udpBuffers buffers to ask for
 * @param quic settings of QUIC
 * @param connectionIds what connection ids look like
 * @param statelessReset tells clients of a crash, {@code null} if nobody does
 * @param shutdown whether the server shuts down gracefully
 * @param shutdownPolicy times of a graceful shutdown
 * @param connectionPolicy limits of each connection
 * @param limits limits that protect the server
 * @param forwardHeaders whether Reactor Netty evaluates forwarded headers
 * @param compression compression of responses, {@code null} for none
 * @param sampleInterval time between two samples of a connection
 */
public record Http3ServerSettings(@Nullable InetAddress address, IntSupplier port, boolean otherPortIfTaken,
		@Nullable Integer workers, UdpBuffers udpBuffers, QuicSettings quic, ConnectionIdLayout connectionIds,
		@Nullable StatelessReset statelessReset, Shutdown shutdown, ShutdownPolicy shutdownPolicy,
		ConnectionPolicy connectionPolicy, ServerLimits limits, boolean forwardHeaders,
		@Nullable Compression compression, Duration sampleInterval) {

	/**
	 * Most workers.
	 */
	public static final int MAX_WORKERS = ConnectionIdLayout.MAX_WORKERS;

	/**
	 * Return whether there may be more than one worker.
	 */
	public boolean mayHaveWorkers() {
		return this.workers == null || this.workers > 1;
	}

	/**
	 * Time between two samples of a connection, about that of a scrape: 10,000
	 * connections cost a few milliseconds of CPU time each time.
	 */
	public static final Duration SAMPLE_INTERVAL = Duration.ofSeconds(10);

	/**
	 * Longest time that closing takes once the grace period is over.
	 */
	public static final Duration MAX_CLOSE_TIME = CloseTiming.BUDGET;

}
