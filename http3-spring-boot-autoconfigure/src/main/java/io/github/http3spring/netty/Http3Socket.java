package io.github.http3spring.netty;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.github.http3spring.server.ShutdownVerdict;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.incubator.codec.quic.QuicServerCodecBuilder;
import org.jspecify.annotations.Nullable;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import org.springframework.boot.web.server.PortInUseException;

/**
 * One bound UDP socket with its event loop and its connections. Its methods may be called
 * from any thread but that event loop.
 */
final class Http3Socket {

	private static final int ERROR_ADDRESS_IN_USE = -98;

	private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(5);

	/**
	 * Number of event loops of a socket.
	 */
	static final int WORKERS = 1;

	private final QuicConnections connections;

	private final SocketLoopResources loops;

	private final DisposableServer server;

	private @Nullable ServerShutdown shutdown;

	private Http3Socket(QuicConnections connections, SocketLoopResources loops, DisposableServer server) {
		this.connections = connections;
		this.loops = loops;
		this.server = server;
	}

	/**
	 * Bind a socket and start to serve.
	 * @param template the server, with everything but the socket
	 * @param address the address to listen on
	 * @param codecSettings sets up the QUIC codec
	 * @param settings the settings of the server
	 * @param counters count what the server does
	 * @return the socket
	 * @throws PortInUseException if the port is taken
	 */
	static Http3Socket bind(HttpServer template, SocketAddress address, Consumer<QuicServerCodecBuilder> codecSettings,
			Http3ServerSettings settings, ServerCounters counters) {
		QuicConnections connections = new QuicConnections(settings.shutdownPolicy(), settings.connectionPolicy(),
				counters);
		HttpServer server = template.bindAddress(() -> address)
			.doOnChannelInit((observer, channel, remoteAddress) -> connections.add(channel));
		SocketLoopResources loops = new SocketLoopResources(WORKERS, (channel) -> prepare(channel, connections,
				settings.quic().statelessReset(), new QuicCodecTakeover(server.configuration(), (builder) -> {
					builder.tokenHandler(new AddressValidator(settings.quic().addressValidation(),
							connections::pendingHandshakes, System::nanoTime));
					codecSettings.accept(builder);
				})));
		try {
			DisposableServer bound = server.runOn(loops).bindNow();
			counters.sampling().start(connections, bound.channel().eventLoop());
			return new Http3Socket(connections, loops, bound);
		}
		catch (RuntimeException ex) {
			release(loops);
			throw translate(ex, address);
		}
	}

	private static void prepare(Channel channel, QuicConnections connections, @Nullable StatelessReset statelessReset,
			QuicCodecTakeover takeover) {
		channel.pipeline().addFirst(takeover);
		if (statelessReset != null) {
			channel.pipeline().addFirst(statelessReset.newHandler());
		}
		channel.pipeline().addFirst(connections.closingPeriods());
	}

	private static RuntimeException translate(RuntimeException ex, SocketAddress address) {
		if (ex instanceof ChannelBindException && address instanceof InetSocketAddress inetAddress) {
			PortInUseException.throwIfPortBindingException(ex, inetAddress::getPort);
			PortInUseException.ifCausedBy(ex, NativeIoException.class, (nativeException) -> {
				if (nativeException.expectedErr() == ERROR_ADDRESS_IN_USE) {
					throw new PortInUseException(inetAddress.getPort(), ex);
				}
			});
		}
		return ex;
	}

	int port() {
		return this.server.port();
	}

	/**
	 * Return the kind of socket.
	 */
	String transport() {
		return (this.server.channel() instanceof NioDatagramChannel) ? "nio" : "epoll";
	}

	/**
	 * Run a task when the socket is closed, by us or because it has failed.
	 */
	void whenClosed(Runnable task) {
		this.server.channel().closeFuture().addListener((future) -> task.run());
	}

	ConnectionInspection inspection() {
		return new ConnectionInspection(this.connections, eventLoop());
	}

	/**
	 * Begin to shut all connections down. Returns at once.
	 * @param gracePeriod time after which whatever is still open is cut off; of no effect
	 * if the shutdown is under way
	 * @param finished called on the event loop when the last connection has ended
	 */
	void shutDown(Duration gracePeriod, Consumer<ShutdownVerdict> finished) {
		eventLoop().execute(() -> {
			if (this.shutdown != null) {
				this.shutdown.whenFinished(finished);
			}
			else {
				this.shutdown = new ServerShutdown(this.connections, eventLoop());
				this.shutdown.whenFinished(finished);
				this.shutdown.start(gracePeriod, this.connections.shutdownPolicy().spread());
			}
		});
	}

	/**
	 * Cut off what is still open, wait for the closing periods, and release everything.
	 * @param finished called on the event loop when the last connection has ended
	 */
	void close(Consumer<ShutdownVerdict> finished) {
		shutDown(Duration.ZERO, finished);
		CompletableFuture<Void> quiet = new CompletableFuture<>();
		eventLoop().execute(() -> {
			if (this.shutdown != null) {
				this.shutdown.expire();
			}
			this.connections.closingPeriods().whenEmpty(() -> quiet.complete(null));
		});
		quiet.completeOnTimeout(null, PathTiming.MAX_CLOSING_PERIOD.toMillis() * 2, TimeUnit.MILLISECONDS).join();
		this.server.disposeNow(RELEASE_TIMEOUT);
		release(this.loops);
	}

	private EventLoop eventLoop() {
		return this.server.channel().eventLoop();
	}

	private static void release(SocketLoopResources loops) {
		loops.disposeLater(Duration.ZERO, RELEASE_TIMEOUT).block(RELEASE_TIMEOUT);
	}

}
