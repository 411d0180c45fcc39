package io.github.http3spring.netty;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.http3spring.netty.connection.ServerCounters;
import io.github.http3spring.netty.settings.Http3ServerSettings;
import io.github.http3spring.netty.settings.UdpBuffers;
import io.github.http3spring.netty.udp.AskedAddresses;
import io.github.http3spring.netty.udp.DatagramReads;
import io.github.http3spring.netty.udp.Fragmentation;
import io.github.http3spring.netty.udp.SharedPort;
import io.github.http3spring.netty.udp.SocketLoopResources;
import io.github.http3spring.server.ShutdownVerdict;
import io.github.http3spring.server.UdpPortInUseException;
import io.github.http3spring.shutdown.CloseTiming;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.incubator.codec.quic.QuicServerCodecBuilder;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import org.springframework.boot.web.server.PortInUseException;

/**
 * One worker: a bound UDP socket with its event loop and its connections. Its methods may
 * be called from any thread. On that event loop they cannot wait for anything, and a
 * shutdown cuts everything off at once.
 */
final class Http3Socket {

	private static final Log logger = LogFactory.getLog(Http3Socket.class);

	private static final int ERROR_ADDRESS_IN_USE = -98;

	private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(5);

	/**
	 * Time for what comes after the deadline, for an event loop that is late.
	 */
	private static final Duration CLOSE_TIMEOUT = CloseTiming.BUDGET.plusMillis(50);

	/**
	 * Time after the deadline for the event loop to take notice of it. One that does not
	 * is blocked, and the process needs what is left of a second to exit.
	 */
	private static final Duration REPLY_TIMEOUT = CloseTiming.BUDGET;

	/**
	 * Time after which an event loop that has not even begun with the shutdown is worth a
	 * warning.
	 */
	private static final Duration LATE = Duration.ofSeconds(1);

	private static final String ADVICE = "End it on a thread of its own: new Thread(() -> "
			+ "System.exit(SpringApplication.exit(context))).start()";

	private final ConnectionRegistry connections;

	private final SocketLoopResources loops;

	private final DisposableServer server;

	private final WorkerShutdown shutdown;

	/**
	 * What the event loop says of the shutdown.
	 */
	private final CompletableFuture<Supplier<ShutdownVerdict>> answer = new CompletableFuture<>();

	private @Nullable CompletableFuture<WorkerVerdict> verdict;

	private final UdpBuffers buffers;

	private Http3Socket(ConnectionRegistry connections, SocketLoopResources loops, DisposableServer server) {
		this.connections = connections;
		this.loops = loops;
		this.server = server;
		this.shutdown = new WorkerShutdown(connections, eventLoop());
		this.buffers = UdpBuffers.of((DatagramChannel) server.channel());
	}

	/**
	 * Bind a socket and start to serve.
	 * @param template the server, with everything but the socket
	 * @param address the address to listen on
	 * @param codecSettings sets up the QUIC codec
	 * @param serverWide what all workers have in common
	 * @param worker the index of this worker; those after the first one share its port
	 * @param counters count what the worker does
	 * @return the socket
	 * @throws UdpPortInUseException if the port is taken
	 */
	static Http3Socket bind(HttpServer template, SocketAddress address, Consumer<QuicServerCodecBuilder> codecSettings,
			ServerWide serverWide, int worker, ServerCounters counters) {
		Http3ServerSettings settings = serverWide.settings();
		ConnectionRegistry connections = new ConnectionRegistry(serverWide, worker, counters);
		HttpServer server = template.bindAddress(() -> address)
			.doOnChannelInit((observer, channel, remoteAddress) -> connections.add(channel));
		SocketLoopResources loops = new SocketLoopResources("http3-" + worker, (channel) -> {
			Consumer<DatagramChannel> prepare = (socket) -> {
				settings.udpBuffers().applyTo(socket);
				DatagramReads.applyTo(socket, settings.quic().receiveUdpPayload());
				Fragmentation.forbid(socket);
			};
			prepare.accept(channel);
			new SocketPipeline(connections, serverWide, worker).applyTo(channel, server.configuration(), codecSettings);
			if (worker > 0) {
				SharedPort.share(channel);
			}
			if (settings.address() == null) {
				AskedAddresses.applyTo(channel, serverWide.addresses(), (further) -> {
					prepare.accept(further);
					if (settings.mayHaveWorkers()) {
						SharedPort.share(further);
					}
				});
			}
		});
		try {
			DisposableServer bound = server.runOn(loops).bindNow();
			new ConnectionSampling(connections, serverWide.samples()).start(bound.channel().eventLoop(),
					settings.sampleInterval());
			return new Http3Socket(connections, loops, bound);
		}
		catch (RuntimeException ex) {
			release(loops);
			throw translate(ex, address);
		}
	}

	private static RuntimeException translate(RuntimeException ex, SocketAddress address) {
		if (ex instanceof ChannelBindException && address instanceof InetSocketAddress inetAddress) {
			try {
				PortInUseException.throwIfPortBindingException(ex, inetAddress::getPort);
				PortInUseException.ifCausedBy(ex, NativeIoException.class, (nativeException) -> {
					if (nativeException.expectedErr() == ERROR_ADDRESS_IN_USE) {
						throw new PortInUseException(inetAddress.getPort(), ex);
					}
				});
			}
			catch (PortInUseException portInUse) {
				return new UdpPortInUseException(portInUse.getPort(), portInUse.getCause());
			}
		}
		return ex;
	}

	Channel channel() {
		return this.server.channel();
	}

	int port() {
		return this.server.port();
	}

	/**
	 * Return the buffers that the system has granted.
	 */
	UdpBuffers buffers() {
		return this.buffers;
	}

	boolean isOpen() {
		return this.server.channel().isOpen();
	}

	ConnectionInspection inspection() {
		return new ConnectionInspection(this.connections, eventLoop());
	}

	/**
	 * Begin to shut all connections down. Returns at once.
	 * @param gracePeriod time after which everything that is still open is cut off;
	 * ignored if the shutdown is under way
	 * @return completed on the event loop when the last connection has ended, or on
	 * another thread if the event loop cannot answer or has not done so in time
	 */
	synchronized CompletableFuture<WorkerVerdict> shutDown(Duration gracePeriod) {
		if (this.verdict == null) {
			this.verdict = begin(gracePeriod, new EventLoopThread(eventLoop()));
		}
		return this.verdict;
	}

	private CompletableFuture<WorkerVerdict> begin(Duration gracePeriod, EventLoopThread thread) {
		CompletableFuture<WorkerVerdict> verdict = this.answer.thenApply(WorkerVerdict::of);
		if (thread.isCurrent()) {
			if (!gracePeriod.isZero()) {
				logger.error("HTTP/3 requests are cut off: the application is ended on their event loop, which serves "
						+ "nothing meanwhile. " + ADVICE);
			}
			this.shutdown.whenFinished(this.answer::complete);
			this.shutdown.cutOff();
			return verdict;
		}
		BlockedShutdown blocked = new BlockedShutdown(thread, this.connections.counters());
		if (thread.hasCalledExit()) {
			this.answer.completeExceptionally(new TimeoutException());
			return CompletableFuture.completedFuture(
					blocked.verdict("the event loop has called System.exit and answers no more. " + ADVICE));
		}
		CompletableFuture<Void> begun = new CompletableFuture<>();
		CompletableFuture<Void> expired = new CompletableFuture<>();
		long calledAt = System.nanoTime();
		eventLoop().execute(() -> {
			begun.complete(null);
			this.shutdown.whenFinished(this.answer::complete);
			Duration left = timeLeft(gracePeriod, calledAt);
			// Before all that is to be done then, which takes its time
			eventLoop().schedule(() -> expired.complete(null), left.toNanos(), TimeUnit.NANOSECONDS);
			this.shutdown.start(left, this.connections.shutdownPolicy().spread());
		});
		begun.orTimeout(LATE.toMillis(), TimeUnit.MILLISECONDS).exceptionally((ex) -> warnOfDelay(thread));
		expired.orTimeout(gracePeriod.plus(REPLY_TIMEOUT).toMillis(), TimeUnit.MILLISECONDS)
			.whenComplete((result, ex) -> expectAnswer(ex));
		this.answer.whenComplete((result, ex) -> expired.complete(null));
		return verdict.exceptionally((ex) -> blocked.verdict("the event loop does not answer"));
	}

	private static Void warnOfDelay(EventLoopThread thread) {
		logger.warn("HTTP/3 shutdown waits for its event loop, whose thread is at" + System.lineSeparator()
				+ thread.stack());
		return null;
	}

	/**
	 * Give an event loop that has taken notice of the deadline the time to come to its
	 * end. One that has not is blocked.
	 */
	private void expectAnswer(@Nullable Throwable blocked) {
		if (blocked != null) {
			this.answer.completeExceptionally(blocked);
		}
		else {
			this.answer.orTimeout(CLOSE_TIMEOUT.multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS);
		}
	}

	/**
	 * Return what an event loop that was busy has left of a period, so that it is not
	 * taken for blocked when it cuts everything off.
	 */
	private static Duration timeLeft(Duration period, long since) {
		Duration left = period.minusNanos(System.nanoTime() - since);
		return left.isNegative() ? Duration.ZERO : left;
	}

	/**
	 * Say how far the shutdown is.
	 * @return never completed by an event loop that is blocked, at once on that on which
	 * this is called
	 */
	CompletableFuture<ShutdownProgress> progress() {
		return isCurrent() ? CompletableFuture.completedFuture(this.shutdown.progress())
				: CompletableFuture.supplyAsync(this.shutdown::progress, eventLoop());
	}

	/**
	 * Return whether this is called on the event loop, which cannot wait for itself.
	 */
	boolean isCurrent() {
		return eventLoop().inEventLoop();
	}

	/**
	 * Cut off what is still open.
	 * @return completed when nobody has to be told anything any more, with {@code false}
	 * if the event loop has not managed that in time
	 */
	CompletableFuture<Boolean> cutOff() {
		CompletableFuture<Boolean> quiet = new CompletableFuture<>();
		if (this.answer.isCompletedExceptionally()) {
			quiet.complete(false);
			return quiet;
		}
		eventLoop().execute(() -> {
			this.shutdown.expire();
			this.connections.whenEmpty(() -> quiet.complete(true));
		});
		this.answer.whenComplete((verdict, ex) -> {
			if (ex != null) {
				quiet.complete(false);
			}
		});
		Duration longest = CLOSE_TIMEOUT.plus(CloseTiming.BUDGET);
		return quiet.completeOnTimeout(false, longest.toMillis(), TimeUnit.MILLISECONDS);
	}

	/**
	 * Close the socket and release everything.
	 */
	void release() {
		this.server.disposeNow(RELEASE_TIMEOUT);
		release(this.loops);
	}

	/**
	 * Let the socket be closed when the event loop is free again, and wait for nothing.
	 */
	void releaseLater() {
		this.answer.completeExceptionally(new TimeoutException());
		this.server.dispose();
		this.loops.disposeLater(Duration.ZERO, RELEASE_TIMEOUT).subscribe();
	}

	private EventLoop eventLoop() {
		return this.server.channel().eventLoop();
	}

	private static void release(SocketLoopResources loops) {
		loops.disposeLater(Duration.ZERO, RELEASE_TIMEOUT).block(RELEASE_TIMEOUT);
	}

}
