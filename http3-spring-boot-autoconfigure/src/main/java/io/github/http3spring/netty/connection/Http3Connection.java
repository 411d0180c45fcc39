package io.github.http3spring.netty.connection;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.http3spring.netty.handler.ConnectionSslHandler;
import io.github.http3spring.netty.path.AddressChange;
import io.github.http3spring.netty.path.PeerAddresses;
import io.github.http3spring.netty.protocol.UnidirectionalStreamGuard;
import io.github.http3spring.netty.request.OpenRequests;
import io.github.http3spring.netty.request.RequestEnd;
import io.github.http3spring.netty.request.RequestOwner;
import io.github.http3spring.netty.request.RequestStream;
import io.github.http3spring.netty.request.UnsentData;
import io.github.http3spring.netty.settings.ServerLimits;
import io.github.http3spring.netty.stack.PathTiming;
import io.github.http3spring.netty.stack.QuicheAccess;
import io.github.http3spring.netty.udp.AmplificationLimit;
import io.github.http3spring.netty.udp.RefusedConnection;
import io.github.http3spring.server.ConnectionShutdownSignal;
import io.github.http3spring.server.ConnectionSnapshot;
import io.github.http3spring.server.OpenRequestSnapshot;
import io.github.http3spring.server.StuckRequest;
import io.github.http3spring.shutdown.ConnectionOutcome;
import io.github.http3spring.shutdown.ConnectionPolicy;
import io.github.http3spring.shutdown.ConnectionPort;
import io.github.http3spring.shutdown.ConnectionShutdown;
import io.github.http3spring.shutdown.ConnectionState;
import io.github.http3spring.shutdown.PeerActivity;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.incubator.codec.http3.DefaultHttp3GoAwayFrame;
import io.netty.incubator.codec.http3.DefaultHttp3UnknownFrame;
import io.netty.incubator.codec.http3.Http3;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionCloseEvent;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.incubator.codec.quic.QuicStreamType;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One connection: tells its {@link ConnectionShutdown} what happens on the wire and does
 * on the wire what that asks for. Stands before the HTTP/3 codec in the pipeline of the
 * {@link QuicChannel}, confined to its event loop.
 */
public final class Http3Connection extends ChannelDuplexHandler implements ConnectionPort, RequestOwner {

	/**
	 * Requests whose end was not received after which a connection is shut down: the
	 * codec keeps the channels of their streams until the connection ends.
	 */
	private static final int MAX_UNRECEIVED = 1000;

	/**
	 * One of the frame types that a peer has to ignore (RFC 9114 section 7.2.8), the
	 * first that the codec sends.
	 */
	private static final long RESERVED_FRAME_TYPE = 0x40;

	private final QuicChannel channel;

	private final AmplificationLimit.Client client;

	private final ConnectionOwner owner;

	private final ConnectionShutdown shutdown = new ConnectionShutdown(this);

	private final OpenRequests requests;

	private final ResponseDelivery delivery;

	/**
	 * Nothing is created that an idle connection does not need.
	 */
	private @Nullable UnsentData unsentData;

	private @Nullable LostRequests lostRequests;

	private @Nullable ConnectionRetirement retirement;

	private final AbandonedRequests abandoned = new AbandonedRequests();

	private final ConnectionStatistics statistics;

	private final ConnectionLog log;

	private int unreceived;

	private boolean established;

	private boolean refused;

	private @Nullable Timer handshakeTimeout;

	private long goAwaySentAt;

	private boolean congested;

	private boolean closeSent;

	public Http3Connection(QuicChannel channel, AmplificationLimit.Client client, ConnectionOwner owner, long serial) {
		this.channel = channel;
		this.client = client;
		this.owner = owner;
		this.statistics = new ConnectionStatistics(channel, serial);
		this.log = new ConnectionLog(this.statistics::id);
		this.log.accepted(channel.remoteSocketAddress());
		this.requests = new OpenRequests(this, channel);
		this.delivery = new ResponseDelivery(channel, owner.maxIdleTimeout(), owner.shutdownPolicy().linger());
		channel.closeFuture().addListener((future) -> {
			client.closed();
			this.shutdown.lost(channel.isTimedOut() ? ConnectionOutcome.IDLE_TIMEOUT : ConnectionOutcome.PEER_CLOSED);
		});
		this.handshakeTimeout = schedule(owner.limits().handshakeTimeout(), () -> {
			this.log.handshakeTimedOut();
			RefusedConnection.refuse(channel);
		});
	}

	@Override
	public ServerLimits limits() {
		return this.owner.limits();
	}

	@Override
	public UnsentData unsentData() {
		if (this.unsentData == null) {
			this.unsentData = new UnsentData(this.channel, this.owner.maxIdleTimeout(), limits().maxUnsentData(),
					this.requests::resume);
		}
		return this.unsentData;
	}

	public ConnectionShutdown shutdown() {
		return this.shutdown;
	}

	/**
	 * Ask for the streams of early data (RFC 9001 section 4.6), for which Netty itself
	 * would wait until the handshake is done. Not before the packets that have arrived
	 * together with the first one are processed.
	 */
	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		ctx.executor().execute(() -> QuicheAccess.readEarlyData(this.channel));
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		this.established = true;
		this.shutdown.established();
		cancelHandshakeTimeout();
		this.owner.handshakeEnded();
		this.owner.counters().connectionAccepted();
		this.log.handshakeDone(this.statistics.age().toMillis());
		ctx.fireChannelActive();
		if (this.owner.isShuttingDown()) {
			shutDown();
			return;
		}
		if (this.owner.connectionPolicy().maxAge() != null) {
			retirement().awaitMaxAge(this.owner.connectionPolicy());
		}
		retireAfterMaxRequests();
	}

	private void retireAfterMaxRequests() {
		ConnectionPolicy policy = this.owner.connectionPolicy();
		if (policy.maxRequests() > 0 && this.shutdown.accepted() >= policy.maxRequests()) {
			retire(policy.maxAgeGrace());
		}
	}

	/**
	 * Shut this connection down while the server lives on, unless its handshake is under
	 * way. A second call can only bring the deadline forward.
	 * @return whether this call began the shutdown
	 */
	public boolean retire(Duration gracePeriod) {
		return this.channel.isActive() && retirement().begin(gracePeriod);
	}

	private ConnectionRetirement retirement() {
		if (this.retirement == null) {
			this.retirement = new ConnectionRetirement(this.shutdown, this, this::shutDown);
		}
		return this.retirement;
	}

	private void cancelHandshakeTimeout() {
		if (this.handshakeTimeout != null) {
			this.handshakeTimeout.cancel();
			this.handshakeTimeout = null;
		}
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		if (msg instanceof QuicStreamChannel stream && stream.type() == QuicStreamType.BIDIRECTIONAL) {
			if (!this.shutdown.requestOpened(stream.streamId())) {
				reject(stream);
				return;
			}
			// Reactor Netty reads a request at the pace of the application
			stream.config().setAutoRead(false);
			this.owner.counters().requestAccepted();
			if (this.shutdown.accepted() == 1) {
				// Only handlers look for it
				ctx.pipeline().addLast(new ConnectionSslHandler(this.channel));
			}
			this.requests.open(stream);
			retireAfterMaxRequests();
		}
		if (msg instanceof QuicStreamChannel stream && stream.type() == QuicStreamType.UNIDIRECTIONAL) {
			stream.pipeline().addLast(new UnidirectionalStreamGuard());
		}
		ctx.fireChannelRead(msg);
	}

	/**
	 * Reject a request of which nothing was processed (RFC 9114 section 4.1.1): the
	 * client may send it again on another connection.
	 */
	private void reject(QuicStreamChannel stream) {
		this.owner.counters().requestRejected();
		this.log.requestRejected(stream.streamId());
		stream.shutdown(Http3ErrorCode.H3_REQUEST_REJECTED.code(), stream.newPromise());
		QuicheAccess.withholdFin(stream);
		stream.unsafe().closeForcibly();
	}

	@Override
	public void requestEnded(RequestEnd end, Supplier<OpenRequestSnapshot> description) {
		if (!this.requests.remove(end.streamId())) {
			return;
		}
		boolean cutOff = this.shutdown.state().compareTo(ConnectionState.CLOSING) >= 0;
		this.owner.counters().requestEnded(end.responseSent() && !cutOff);
		if (!this.channel.isOpen()) {
			if (!end.responseSent() && !cutOff) {
				noteLost(description);
			}
			return;
		}
		if (end.responseSent()) {
			this.delivery.responseSent(end.streamId(), end.responseBytes(), end.timeToRead());
		}
		if (isShuttingDown()) {
			this.log.requestEnded(end.streamId(), this.shutdown.open() - 1);
		}
		this.shutdown.requestEnded(end.responseSent());
		if (!end.received() && ++this.unreceived == MAX_UNRECEIVED && !isShuttingDown()) {
			retire(this.owner.connectionPolicy().maxAgeGrace());
		}
	}

	private void noteLost(Supplier<OpenRequestSnapshot> request) {
		if (this.owner.isShuttingDown()) {
			if (this.lostRequests == null) {
				this.lostRequests = new LostRequests();
			}
			this.lostRequests.add(request.get());
		}
	}

	/**
	 * Note that the client has reset, stopped or malformed a request. More of these per
	 * second than are allowed end the connection at once (RFC 9114 section 10.5).
	 */
	@Override
	public void requestAbandoned() {
		int maximum = limits().maxResets();
		if (this.abandoned.add(System.nanoTime()) > maximum && maximum > 0 && this.channel.isActive()) {
			this.log.tooManyResets();
			this.channel.close(true, Http3ErrorCode.H3_EXCESSIVE_LOAD.code(), Unpooled.EMPTY_BUFFER);
		}
	}

	@Override
	public void requestStopped(long streamId) {
		this.delivery.requestStopped(streamId);
	}

	/**
	 * Start the graceful shutdown. A handshake that is under way may come to its end
	 * first, so that the client hears of it; not for long, it may have vanished.
	 */
	public void shutDown() {
		if (!this.channel.isActive()) {
			schedule(PathTiming.MAX_HANDSHAKE_WAIT, () -> {
				if (!this.channel.isActive() && this.channel.isOpen()) {
					this.refused = true;
					this.owner.refused(this);
					RefusedConnection.refuse(this.channel);
				}
			});
			return;
		}
		this.shutdown.start();
		this.requests.shutDown();
		ConnectionShutdownSignal.of(this.channel).start();
	}

	/**
	 * Return the time after which a request is rejected whose header section is not
	 * there, if the final GOAWAY was sent that long ago: nothing of it was processed, and
	 * it must not hold the shutdown.
	 */
	@Override
	public @Nullable Duration headersTime() {
		if (this.shutdown.state() != ConnectionState.COMPLETING) {
			return null;
		}
		Duration time = PathTiming.headersTime(this.channel);
		boolean over = System.nanoTime() - this.goAwaySentAt > time.toNanos();
		return over ? time : null;
	}

	/**
	 * Return whether the shutdown does not wait for an answer of the client to a GOAWAY,
	 * because it has not begun, waits for requests or is nearly over.
	 */
	public boolean isSettled() {
		ConnectionState state = this.shutdown.state();
		return state != ConnectionState.GOAWAY_SENT && state != ConnectionState.FLUSHING;
	}

	@Override
	public boolean isShuttingDown() {
		return this.shutdown.state() != ConnectionState.OPEN;
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		if (event instanceof QuicConnectionCloseEvent close) {
			this.log.closedByPeer(close);
			// The channel stays for the draining period, but nothing can be sent any more
			this.shutdown.lost(ConnectionOutcome.PEER_CLOSED);
			this.requests.cancel();
		}
		else if (event == AddressChange.MOVED) {
			this.statistics.migrated();
			SocketAddress address = PeerAddresses.of(this.channel);
			this.client.moved((InetSocketAddress) address);
			this.log.migrated(address);
		}
		else if (event == AddressChange.USED_UP) {
			// Before there is no path left, the client is asked to connect again
			retire(this.owner.connectionPolicy().maxAgeGrace());
		}
		ctx.fireUserEventTriggered(event);
	}

	@Override
	public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
		if (!this.channel.isOpen()) {
			ctx.close(promise);
			gone();
			return;
		}
		this.closeSent = true;
		cancelHandshakeTimeout();
		// Whoever closes, we or the codec after an error of the peer
		this.log.closeSent(this.shutdown.outcome() != null);
		// Of a closed channel the round-trip time is not known any more
		sample();
		this.owner.closingPeriods()
			.close(QuicheAccess.connectionIds(this.channel), this.client.isValidated(), () -> ctx.close(promise),
					PathTiming.closingPeriod(this.channel), () -> {
						this.log.closingPeriodOver();
						this.shutdown.closingPeriodEnded();
					});
	}

	/**
	 * Note that the connection was to be closed and had ended before. If it was closed by
	 * the codec after an error of the peer, the closing period of that is waited for.
	 */
	private void gone() {
		if (!this.closeSent) {
			this.shutdown.closingPeriodEnded();
		}
	}

	@Override
	public void sendGoAway(long streamId) {
		QuicStreamChannel controlStream = Http3.getLocalControlStream(this.channel);
		if (controlStream != null) {
			controlStream.writeAndFlush(new DefaultHttp3GoAwayFrame(streamId));
			this.goAwaySentAt = System.nanoTime();
			this.statistics.goAwaySent(streamId);
			this.log.goAwaySent(streamId, this.shutdown.open());
			this.owner.counters().goAwaySent();
		}
	}

	@Override
	public void cancelRequests() {
		this.log.timeIsOver(this.requests.count(), undelivered());
		this.congested = this.requests.count() > 0 || undelivered() > 0;
		this.requests.stream().forEach((request) -> noteLost(request::describe));
		this.delivery.reset(Http3ErrorCode.H3_REQUEST_CANCELLED.code());
		this.requests.expire();
	}

	@Override
	public int undelivered() {
		return this.delivery.undelivered();
	}

	@Override
	public void awaitDelivery() {
		this.delivery.await(this.shutdown::delivered);
		this.log.flushing(undelivered(), this.delivery.readingTime().toMillis());
	}

	@Override
	public void close() {
		ConnectionClose close = new ConnectionClose(this.channel, this.owner.maxIdleTimeout(), this::gone);
		if (!this.channel.isActive()) {
			RefusedConnection.refuse(this.channel);
		}
		else if (this.shutdown.outcome() == ConnectionOutcome.VANISHED) {
			close.sendAlone();
		}
		else if (this.congested) {
			close.sendAfter(this.owner.cutOffAt().orElseGet(System::nanoTime));
		}
		else {
			close.send();
		}
	}

	@Override
	public Duration goAwayDelay() {
		Duration delay = this.owner.shutdownPolicy().goAwayDelay();
		return (delay != null) ? delay : PathTiming.goAwayDelay(this.channel);
	}

	@Override
	public Duration maxGoAwayDelay() {
		Duration delay = this.owner.shutdownPolicy().goAwayDelay();
		return (delay != null) ? delay : PathTiming.MAX_GOAWAY_DELAY;
	}

	@Override
	public PeerActivity activity() {
		return PathTiming.activity(this.channel);
	}

	@Override
	public Optional<Duration> idleTimeout() {
		return PathTiming.idleTimeout(this.channel, this.owner.maxIdleTimeout());
	}

	/**
	 * Send a frame without meaning (RFC 9114 section 7.2.8): the codec has no way to send
	 * a PING.
	 */
	@Override
	public void keepAlive() {
		QuicStreamChannel controlStream = Http3.getLocalControlStream(this.channel);
		if (controlStream != null) {
			controlStream.writeAndFlush(new DefaultHttp3UnknownFrame(RESERVED_FRAME_TYPE, Unpooled.EMPTY_BUFFER));
			this.log.keptAlive();
		}
	}

	@Override
	public Timer schedule(Duration delay, Runnable task) {
		Future<?> future = this.channel.eventLoop().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
		return () -> future.cancel(false);
	}

	/**
	 * Describe the requests that are open, which the deadline would cut off.
	 */
	public Stream<StuckRequest> openRequests() {
		return describe(this.requests.stream().map(RequestStream::describe), StuckRequest.Reason.DEADLINE);
	}

	/**
	 * Describe the requests that the end of the connection has cut off during a shutdown
	 * of the server.
	 */
	public Stream<StuckRequest> lostRequests(StuckRequest.Reason reason) {
		return (this.lostRequests != null) ? describe(this.lostRequests.list().stream(), reason) : Stream.empty();
	}

	private Stream<StuckRequest> describe(Stream<OpenRequestSnapshot> requests, StuckRequest.Reason reason) {
		SocketAddress peer = peer();
		return requests
			.map((request) -> new StuckRequest(request.method(), request.path(), request.age(), peer, reason));
	}

	public @Nullable SocketAddress peer() {
		return PeerAddresses.of(this.channel);
	}

	/**
	 * Return how the connection has ended, {@code null} as long as it has not.
	 */
	public @Nullable ConnectionOutcome outcome() {
		return this.refused ? ConnectionOutcome.REFUSED : this.shutdown.outcome();
	}

	public String id() {
		return this.statistics.id();
	}

	/**
	 * Tell those who have asked what has happened since the last time.
	 */
	public void sample() {
		this.owner.samples().sample(this.statistics);
	}

	/**
	 * Describe the connection.
	 */
	public ConnectionSnapshot snapshot() {
		List<OpenRequestSnapshot> open = this.requests.stream()
			.limit(ConnectionSnapshot.MAX_OPEN_REQUESTS)
			.map(RequestStream::describe)
			.toList();
		return this.statistics.snapshot(this.shutdown, this.established, open);
	}

	@Override
	public void closed() {
		cancelHandshakeTimeout();
		if (this.retirement != null) {
			this.retirement.cancel();
		}
		this.requests.cancelCheck();
		this.delivery.cancel();
		if (this.unsentData != null) {
			this.unsentData.cancel();
		}
		sample();
		if (!this.established) {
			this.owner.handshakeEnded();
		}
		this.requests.stream().forEach((request) -> noteLost(request::describe));
		ConnectionOutcome outcome = outcome();
		if (outcome != null) {
			this.log.ended(outcome, this.statistics.age().toMillis(), this.shutdown.accepted());
			this.owner.counters().connectionEnded(outcome);
		}
		this.owner.ended(this);
	}

}
