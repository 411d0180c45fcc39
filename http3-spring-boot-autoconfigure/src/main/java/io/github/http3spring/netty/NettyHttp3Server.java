package io.github.http3spring.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

import io.github.http3spring.netty.connection.SampleListeners;
import io.github.http3spring.netty.connection.ServerCounters;
import io.github.http3spring.netty.settings.Http3ServerSettings;
import io.github.http3spring.netty.settings.ServerLimits;
import io.github.http3spring.netty.stack.QuicCodecTakeover;
import io.github.http3spring.netty.stack.QuicheAccess;
import io.github.http3spring.netty.udp.UnansweredAddresses;
import io.github.http3spring.server.ConnectionSample;
import io.github.http3spring.server.ConnectionSnapshot;
import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.Http3ServerRuntime;
import io.github.http3spring.server.Http3ServerSnapshot;
import io.github.http3spring.server.Http3ServerState;
import io.github.http3spring.server.Http3ServerTotals;
import io.github.http3spring.server.MemoryUsage;
import io.github.http3spring.server.ShutdownVerdict;
import io.netty.incubator.codec.quic.Quic;
import io.netty.incubator.codec.quic.QuicServerCodecBuilder;
import io.netty.util.internal.PlatformDependent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

import org.springframework.boot.web.server.GracefulShutdownCallback;
import org.springframework.boot.web.server.GracefulShutdownResult;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.Shutdown;
import org.springframework.util.Assert;

/**
 * {@link Http3Server} on Reactor Netty. Thread-safe.
 */
final class NettyHttp3Server implements Http3Server {

	private static final Log logger = LogFactory.getLog(NettyHttp3Server.class);

	private final HttpServer template;

	private final Consumer<QuicServerCodecBuilder> codecSettings;

	private final Http3ServerSettings settings;

	/**
	 * One ledger for each worker, over all starts.
	 */
	private final List<ServerCounters> ledgers = new CopyOnWriteArrayList<>(List.of(new ServerCounters()));

	private final SampleListeners samples = new SampleListeners();

	private volatile @Nullable Http3Workers workers;

	private volatile @Nullable ShutdownVerdict verdict;

	private volatile Http3ServerState state = Http3ServerState.STOPPED;

	NettyHttp3Server(HttpServer template, Consumer<QuicServerCodecBuilder> codecSettings,
			Http3ServerSettings settings) {
		this.template = template;
		this.codecSettings = codecSettings;
		this.settings = settings;
	}

	@Override
	public synchronized void start() {
		if (this.workers != null) {
			return;
		}
		Http3Workers bound = bind();
		this.workers = bound;
		this.state = Http3ServerState.RUNNING;
		bound.whenClosed(() -> socketClosed(bound));
		report(bound);
	}

	/**
	 * A server without one of its sockets has lost the connections of that worker, and
	 * must not be taken for a healthy one.
	 */
	private void socketClosed(Http3Workers bound) {
		if (this.state == Http3ServerState.RUNNING) {
			this.state = Http3ServerState.STOPPED;
			logger.error((bound.count() == 1) ? "HTTP/3 is not served any more: the UDP socket was closed unexpectedly"
					: "HTTP/3 is served by " + bound.countOpen() + " of " + bound.count()
							+ " workers only: a UDP socket was closed unexpectedly");
		}
	}

	private Http3Workers bind() {
		InetSocketAddress address = (InetSocketAddress) this.template.configuration().bindAddress().get();
		try {
			return bind(address);
		}
		catch (PortInUseException ex) {
			if (!this.settings.otherPortIfTaken() || address.getPort() == 0) {
				throw ex;
			}
			logger.info("UDP port " + address.getPort() + " is taken, using a free one");
			return bind(UdpAddress.withPort(address, 0));
		}
	}

	private Http3Workers bind(InetSocketAddress address) {
		return Http3Workers.bind(this.template, address, this.codecSettings, this.settings, this::ledger, this.samples);
	}

	private ServerCounters ledger(int worker) {
		if (worker == this.ledgers.size()) {
			this.ledgers.add(new ServerCounters());
		}
		return this.ledgers.get(worker);
	}

	private void report(Http3Workers bound) {
		StartUpReport report = new StartUpReport(bound.port(), getRuntime(),
				PlatformDependent.normalizedOs().equals("linux"), LoopResources.DEFAULT_NATIVE,
				QuicCodecTakeover.isPossible(), QuicheAccess.AVAILABLE, this.settings.udpBuffers(), bound.buffers());
		report.warnings().forEach(logger::warn);
		List<InetAddress> unanswered = (this.settings.address() == null && !bound.answerFromAskedAddress())
				? UnansweredAddresses.find() : List.of();
		if (!unanswered.isEmpty()) {
			logger.warn("HTTP/3 is not served on " + unanswered.stream().map(InetAddress::getHostAddress).toList()
					+ ": bound to all addresses, the server answers from others, which clients drop. If they are to be "
					+ "asked, set 'http3.server.address' to one of them");
		}
		logger.info(report);
	}

	@Override
	public void shutDownGracefully(GracefulShutdownCallback callback) {
		Http3Workers current = this.workers;
		if (current == null || this.settings.shutdown() != Shutdown.GRACEFUL) {
			callback.shutdownComplete(GracefulShutdownResult.IMMEDIATE);
			return;
		}
		this.state = Http3ServerState.SHUTTING_DOWN;
		current.shutDown(this.settings.shutdownPolicy().gracePeriod()).thenAccept((verdict) -> {
			this.verdict = verdict;
			callback.shutdownComplete(
					verdict.isLossless() ? GracefulShutdownResult.IDLE : GracefulShutdownResult.REQUESTS_ACTIVE);
		});
	}

	@Override
	public synchronized void stop() {
		Http3Workers current = this.workers;
		if (current == null) {
			return;
		}
		this.state = Http3ServerState.SHUTTING_DOWN;
		this.verdict = current.close();
		this.workers = null;
		this.state = Http3ServerState.STOPPED;
	}

	@Override
	public int getPort() {
		Http3Workers current = this.workers;
		return (current != null && this.state != Http3ServerState.STOPPED) ? current.port() : -1;
	}

	@Override
	public Optional<ShutdownVerdict> getShutdownVerdict() {
		return Optional.ofNullable(this.verdict);
	}

	@Override
	public Http3ServerState getState() {
		return this.state;
	}

	@Override
	public Http3ServerTotals getTotals() {
		return this.ledgers.stream().map(ServerCounters::totals).reduce(Http3ServerTotals::plus).orElseThrow();
	}

	@Override
	public void addSampleListener(Consumer<ConnectionSample> listener) {
		this.samples.add(listener);
	}

	@Override
	public Http3ServerRuntime getRuntime() {
		Http3Workers current = this.workers;
		boolean available = Quic.isAvailable();
		String version = available ? QuicheAccess.VERSION : null;
		return (current != null)
				? new Http3ServerRuntime(available, version, current.transport(), current.count(),
						current.isSegmentationOffloaded(), current.buffers().receive(), current.buffers().send())
				: new Http3ServerRuntime(available, version, null, 0, false, null, null);
	}

	@Override
	public MemoryUsage getMemoryUsage() {
		Http3Workers current = this.workers;
		ServerLimits.Memory limits = this.settings.limits().memory();
		return (current != null)
				? new MemoryUsage(current.memory().undelivered().held(), limits.maxUndelivered(),
						current.memory().unsent().held(), limits.maxUnsent(), current.memory().requests().open(),
						limits.maxOpenRequests())
				: new MemoryUsage(0, limits.maxUndelivered(), 0, limits.maxUnsent(), 0, limits.maxOpenRequests());
	}

	@Override
	public CompletableFuture<Http3ServerSnapshot> snapshot(int offset, int limit) {
		Assert.isTrue(offset >= 0 && limit >= 0, "Offset and limit must not be negative");
		return inspect((inspection) -> inspection.page(offset, limit), ServerInspection.Page.EMPTY)
			.thenApply((page) -> new Http3ServerSnapshot(getState(), getPort(), getRuntime(), page.blocked(),
					page.total(), page.connections(), getTotals(), this.verdict));
	}

	@Override
	public CompletableFuture<Optional<ConnectionSnapshot>> snapshot(String id) {
		return inspect((inspection) -> inspection.find(id), Optional.empty());
	}

	@Override
	public CompletableFuture<Integer> shutDownConnections(@Nullable Duration gracePeriod) {
		return inspect((inspection) -> inspection.shutDownAll(gracePeriod), 0);
	}

	@Override
	public CompletableFuture<Boolean> shutDownConnection(String id, @Nullable Duration gracePeriod) {
		return inspect((inspection) -> inspection.shutDown(id, gracePeriod), false);
	}

	private <T> CompletableFuture<T> inspect(Function<ServerInspection, CompletableFuture<T>> action, T ifStopped) {
		Http3Workers current = this.workers;
		return (current != null) ? action.apply(current.inspection()) : CompletableFuture.completedFuture(ifStopped);
	}

}
