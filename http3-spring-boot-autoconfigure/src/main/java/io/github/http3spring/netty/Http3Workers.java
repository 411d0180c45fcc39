package io.github.http3spring.netty;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.IntFunction;

import io.github.http3spring.netty.connection.SampleListeners;
import io.github.http3spring.netty.connection.ServerCounters;
import io.github.http3spring.netty.request.MemoryBudgets;
import io.github.http3spring.netty.settings.Http3ServerSettings;
import io.github.http3spring.netty.settings.UdpBuffers;
import io.github.http3spring.netty.stack.QuicCodecTakeover;
import io.github.http3spring.netty.stack.QuicheAccess;
import io.github.http3spring.netty.udp.AskedAddresses;
import io.github.http3spring.netty.udp.KernelRouting;
import io.github.http3spring.netty.udp.SegmentationOffload;
import io.github.http3spring.netty.udp.SharedPort;
import io.github.http3spring.netty.udp.UdpTransport;
import io.github.http3spring.netty.udp.WorkerRouter;
import io.github.http3spring.netty.udp.WorkerRouting;
import io.github.http3spring.server.ShutdownVerdict;
import io.github.http3spring.server.UdpPortInUseException;
import io.netty.channel.Channel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.incubator.codec.quic.QuicServerCodecBuilder;
import io.netty.util.NettyRuntime;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.netty.http.server.HttpServer;

/**
 * All workers of a server that is running: one socket and one event loop each, on the
 * same port. Thread-safe.
 */
final class Http3Workers {

	private static final Log logger = LogFactory.getLog(Http3Workers.class);

	private final List<Http3Socket> workers;

	private final int port;

	private final MemoryBudgets memory;

	private final ServerShutdown shutdown;

	private Http3Workers(List<Http3Socket> workers, List<ServerCounters> ledgers, MemoryBudgets memory) {
		this.workers = workers;
		this.port = first().port();
		this.memory = memory;
		this.shutdown = new ServerShutdown(workers, ledgers);
	}

	/**
	 * Bind all sockets and start to serve. Either all of them are bound or none is.
	 * @param template the server, with everything but the sockets
	 * @param address the address to listen on
	 * @param codecSettings sets up the QUIC codec
	 * @param settings the settings of the server
	 * @param ledger returns the ledger of each worker
	 * @param samples those who want to know how connections are
	 * @return the workers
	 * @throws UdpPortInUseException if the port is taken
	 */
	static Http3Workers bind(HttpServer template, InetSocketAddress address,
			Consumer<QuicServerCodecBuilder> codecSettings, Http3ServerSettings settings,
			IntFunction<ServerCounters> ledger, SampleListeners samples) {
		ServerWide serverWide = ServerWide.create(settings, samples);
		List<Http3Socket> workers = new ArrayList<>();
		List<ServerCounters> ledgers = new ArrayList<>();
		try {
			int count = 1;
			for (int index = 0; index < count; index++) {
				InetSocketAddress own = (index == 0) ? address : UdpAddress.withPort(address, workers.get(0).port());
				ledgers.add(ledger.apply(index));
				workers.add(Http3Socket.bind(template, own, codecSettings, serverWide, index, ledgers.get(index)));
				if (index == 0) {
					count = count(workers.get(0).channel(), settings);
				}
			}
			if (count > 1) {
				route(workers, settings);
			}
		}
		catch (RuntimeException ex) {
			workers.forEach(Http3Socket::release);
			throw ex;
		}
		return new Http3Workers(List.copyOf(workers), List.copyOf(ledgers), serverWide.memory());
	}

	/**
	 * Decide about the number of workers, and let the first socket share its port if
	 * there are others.
	 */
	private static int count(Channel first, Http3ServerSettings settings) {
		Integer asked = settings.workers();
		int count = (asked != null) ? asked : defaultCount(first);
		if (count == 1) {
			return 1;
		}
		if (!SharedPort.isPossible(first) || !QuicCodecTakeover.isPossible() || !QuicheAccess.AVAILABLE
				|| !SharedPort.share((DatagramChannel) first)) {
			if (asked != null) {
				logger.warn("HTTP/3 has one worker instead of " + asked + ", because sockets cannot share a port here");
			}
			return 1;
		}
		return count;
	}

	private static int defaultCount(Channel first) {
		return UdpTransport.isEpoll(first)
				? Math.min(NettyRuntime.availableProcessors(), Http3ServerSettings.MAX_WORKERS) : 1;
	}

	private static void route(List<Http3Socket> workers, Http3ServerSettings settings) {
		WorkerRouting routing = new WorkerRouting(settings.connectionIds(), workers.size());
		for (int index = 0; index < workers.size(); index++) {
			Channel channel = workers.get(index).channel();
			int worker = index;
			channel.eventLoop()
				.execute(() -> WorkerRouter.applyTo(channel, routing, worker, settings.udpBuffers().receive()));
		}
		Channel first = workers.get(0).channel();
		if (UdpTransport.isEpoll(first)) {
			KernelRouting.begin(first, settings.connectionIds());
		}
	}

	/**
	 * Return what all connections hold together.
	 */
	MemoryBudgets memory() {
		return this.memory;
	}

	int count() {
		return this.workers.size();
	}

	int port() {
		return this.port;
	}

	/**
	 * Return the kind of sockets.
	 */
	String transport() {
		return UdpTransport.of(first().channel());
	}

	/**
	 * Return whether clients get their answers from the address that they have asked if
	 * the sockets are bound to all addresses.
	 */
	boolean answerFromAskedAddress() {
		return AskedAddresses.isPossible(first().channel());
	}

	boolean isSegmentationOffloaded() {
		return this.workers.stream().allMatch((worker) -> SegmentationOffload.isOn(worker.channel()));
	}

	/**
	 * Return the buffers that the system has granted each socket.
	 */
	UdpBuffers buffers() {
		return first().buffers();
	}

	private Http3Socket first() {
		return this.workers.get(0);
	}

	/**
	 * Return how many sockets have not been closed.
	 */
	long countOpen() {
		return this.workers.stream().filter(Http3Socket::isOpen).count();
	}

	/**
	 * Run a task each time that a socket is closed, by us or because it has failed.
	 */
	void whenClosed(Runnable task) {
		this.workers.forEach((worker) -> worker.channel().closeFuture().addListener((future) -> task.run()));
	}

	ServerInspection inspection() {
		return new ServerInspection(this.workers.stream().map(Http3Socket::inspection).toList());
	}

	/**
	 * Begin to shut all connections down. Returns at once.
	 * @param gracePeriod time after which everything that is still open is cut off
	 * @return completed when the last connection has ended
	 */
	CompletableFuture<ShutdownVerdict> shutDown(Duration gracePeriod) {
		return this.shutdown.start(gracePeriod);
	}

	/**
	 * Cut off what is still open, wait for the closing periods of all workers, so that
	 * the port answers until the last one is over, and release everything. Neither a
	 * blocked event loop is waited for, nor the one on which this is called: its socket
	 * is closed when it is free again.
	 * @return what the shutdown did
	 */
	ShutdownVerdict close() {
		CompletableFuture<ShutdownVerdict> verdict = shutDown(Duration.ZERO);
		List<CompletableFuture<Boolean>> quiet = this.workers.stream().map(Http3Socket::cutOff).toList();
		CompletableFuture<Void> all = CompletableFuture.allOf(quiet.toArray(CompletableFuture<?>[]::new));
		if (this.workers.stream().anyMatch(Http3Socket::isCurrent)) {
			all.thenRun(() -> this.workers.forEach(Http3Socket::releaseLater));
		}
		else {
			all.join();
			for (int index = 0; index < this.workers.size(); index++) {
				if (quiet.get(index).join()) {
					this.workers.get(index).release();
				}
				else {
					this.workers.get(index).releaseLater();
				}
			}
		}
		return verdict.join();
	}

}
