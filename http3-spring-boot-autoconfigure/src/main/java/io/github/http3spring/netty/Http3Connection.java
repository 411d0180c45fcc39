package io.github.http3spring.netty;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.http3spring.server.ConnectionSnapshot;
import io.github.http3spring.server.Http3ShutdownSignal;
import io.github.http3spring.server.OpenRequestSnapshot;
import io.github.http3spring.server.StuckRequest;
import io.github.http3spring.shutdown.ConnectionOutcome;
import io.github.http3spring.shutdown.ConnectionPolicy;
import io.github.http3spring.shutdown.ConnectionPort;
import io.github.http3spring.shutdown.ConnectionShutdown;
import io.github.http3spring.shutdown.ConnectionState;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.incubator.codec.http3.DefaultHttp3GoAwayFrame;
import io.netty.incubator.codec.http3.Http3;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionCloseEvent;
import io.netty.incubator.codec.quic.QuicPathEvent;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.incubator.codec.quic.QuicStreamType;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One connection: tells its {@link ConnectionShutdown} what happens on the wire and does
 * on the wire what that asks for. Stands before the HTTP/3 codec in the pipeline of the
 * {@link QuicChannel}, confined to its event loop.
 */
final class Http3Connection extends ChannelDuplexHandler implements ConnectionPort {

	private static final Duration REQUEST_CHECK_INTERVAL = Duration.ofSeconds(1);

	/**
	 * Requests whose end was not received after which a connection is shut down: the
	 * codec keeps the channels of their streams until the connection ends.
	 */
	private static final int MAX_UNRECEIVED = 1000;

	private final QuicChannel channel;

	private final QuicConnections connections;

	private final ConnectionShutdown shutdown = new ConnectionShutdown(this);

	private final LongObjectMap<RequestStream> requests = new LongObjectHashMap<>();

	private final ResponseDelivery delivery;

	private final AbandonedRequests abandoned = new AbandonedRequests();

	private final ConnectionStatistics statistics;

	private final ConnectionLog log;

	private int unreceived;

	private boolean established;

	private boolean refused;

	private @Nullable Timer handshakeTimeout;

	private @Nullable Timer retirement;

	private long retirementDeadline = Long.MAX_VALUE;

	private @Nullable Timer requestWatch;

	private long goAwaySentAt;

	private boolean congested;

	Http3Connection(QuicChannel channel, QuicConnections connections, long serial) {
		this.channel = channel;
		this.connections = connections;
		this.statistics = new ConnectionStatistics(channel, serial);
		this.log = new ConnectionLog(this.statistics::id);
		this.log.accepted(channel.remoteSocketAddress());
		this.delivery = new ResponseDelivery(channel, connections.shutdownPolicy().linger());
		channel.closeFuture()
			.addListener((future) -> this.shutdown
				.lost(channel.isTimedOut() ? ConnectionOutcome.IDLE_TIMEOUT : ConnectionOutcome.PEER_CLOSED));
		this.handshakeTimeout = schedule(connections.limits().handshakeTimeout(), () -> {
			this.log.handshakeTimedOut();
			QuicConnections.refuse(channel);
		});
	}

	ServerLimits limits() {
		return this.connections.limits();
	}

	ConnectionShutdown shutdown() {
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
		cancelHandshakeTimeout();
		this.connections.handshakeEnded();
		this.connections.counters().connectionAccepted();
		this.log.handshakeDone(this.statistics.age().toMillis());
		ctx.fireChannelActive();
		if (this.connections.isShuttingDown()) {
			shutDown();
			return;
		}
		ConnectionPolicy policy = this.connections.connectionPolicy();
		policy.maxAge().ifPresent((maxAge) -> {
			long jitter = policy.maxAgeJitter().toNanos();
			long deviation = (jitter > 0) ? ThreadLocalRandom.current().nextLong(-jitter, jitter + 1) : 0;
			this.retirement = schedule(maxAge.plusNanos(deviation), () -> retire(policy.maxAgeGrace()));
		});
		retireAfterMaxRequests();
	}

	private void retireAfterMaxRequests() {
		ConnectionPolicy policy = this.connections.connectionPolicy();
		if (policy.maxRequests() > 0 && this.shutdown.accepted() >= policy.maxRequests()) {
			retire(policy.maxAgeGrace());
		}
	}

	/**
	 * Shut this connection down while the server lives on, unless its handshake is under
	 * way. A second call can only bring the deadline forward.
	 * @return whether this call began the shutdown
	 */
	boolean retire(Duration gracePeriod) {
		if (!this.channel.isActive()) {
			return false;
		}
		boolean first = !isShuttingDown();
		long deadline = System.nanoTime() + gracePeriod.toNanos();
		if (first || deadline < this.retirementDeadline) {
			cancelRetirement();
			this.retirementDeadline = deadline;
			this.retirement = schedule(gracePeriod, this.shutdown::expire);
		}
		if (first) {
			shutDown();
		}
		return first;
	}

	private void cancelHandshakeTimeout() {
		if (this.handshakeTimeout != null) {
			this.handshakeTimeout.cancel();
			this.handshakeTimeout = null;
		}
	}

	private void cancelRetirement() {
		if (this.retirement != null) {
			this.retirement.cancel();
			this.retirement = null;
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
			this.connections.counters().requestAccepted();
			RequestStream request = new RequestStream(this, stream);
			this.requests.put(stream.streamId(), request);
			stream.pipeline().addLast(request);
			if (this.requestWatch == null) {
				watchRequests();
			}
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
		this.connections.counters().requestRejected();
		this.log.requestRejected(stream.streamId());
		stream.shutdown(Http3ErrorCode.H3_REQUEST_REJECTED.code(), stream.newPromise());
		QuicheAccess.withholdFin(stream);
		stream.unsafe().closeForcibly();
	}

	void requestEnded(RequestStream request, long streamId) {
		if (this.requests.remove(streamId) == null) {
			return;
		}
		boolean cutOff = this.shutdown.state().compareTo(ConnectionState.CLOSING) >= 0;
		this.connections.counters().requestEnded(request.isResponseSent() && !cutOff);
		if (!this.channel.isOpen()) {
			return;
		}
		if (request.isResponseSent()) {
			this.delivery.responseSent(streamId, request.responseStartedAt(), request.responseBytes());
		}
		if (isShuttingDown()) {
			this.log.requestEnded(streamId, this.shutdown.open() - 1);
		}
		this.shutdown.requestEnded(request.isResponseSent());
		if (!request.isReceived() && ++this.unreceived == MAX_UNRECEIVED && !isShuttingDown()) {
			retire(this.connections.connectionPolicy().maxAgeGrace());
		}
	}

	/**
	 * Note that the client has reset, stopped or malformed a request. More of these per
	 * second than are allowed end the connection at once (RFC 9114 section 10.5).
	 */
	void requestAbandoned() {
		int maximum = limits().maxResets();
		if (this.abandoned.add(System.nanoTime()) > maximum && maximum > 0 && this.channel.isActive()) {
			this.log.tooManyResets();
			this.channel.close(true, Http3ErrorCode.H3_EXCESSIVE_LOAD.code(), Unpooled.EMPTY_BUFFER);
		}
	}

	/**
	 * Note that the rest of a request was asked not to be sent.
	 */
	void requestStopped(long streamId) {
		this.delivery.requestStopped(streamId);
	}

	/**
	 * Start the graceful shutdown. A handshake that is under way may come to its end
	 * first, so that the client hears of it; not for long, it may have vanished.
	 */
	void shutDown() {
		if (!this.channel.isActive()) {
			schedule(PathTiming.MAX_HANDSHAKE_WAIT, () -> {
				if (!this.channel.isActive() && this.channel.isOpen()) {
					this.refused = true;
					this.connections.refuse(this, this.channel);
				}
			});
			return;
		}
		this.shutdown.start();
		List.copyOf(this.requests.values()).forEach(RequestStream::shutDown);
		Http3ShutdownSignal.of(this.channel).start();
	}

	/**
	 * Look for requests that the client does not want answered any more, of which the
	 * codec makes no event unless somebody reads, and for those that it does not send,
	 * for as long as there are requests. One timer for all is cheaper than one for each.
	 */
	private void watchRequests() {
		Optional<Duration> timeout = limits().requestTimeout();
		Duration interval = timeout.filter((time) -> time.compareTo(REQUEST_CHECK_INTERVAL) < 0)
			.orElse(REQUEST_CHECK_INTERVAL);
		this.requestWatch = schedule(interval, () -> {
			this.requestWatch = null;
			rejectIncomplete();
			for (long streamId : this.requests.keySet().toArray(new Long[0])) {
				RequestStream request = this.requests.get(streamId);
				if (request == null) {
					// The connection was closed because of those before
					return;
				}
				if (QuicheAccess.isStopped(this.channel, streamId)) {
					request.abandon(Http3ErrorCode.H3_REQUEST_CANCELLED);
				}
				else {
					timeout.ifPresent(request::endUnlessReceived);
					request.readEnd();
				}
			}
			if (!this.requests.isEmpty() && this.channel.isOpen()) {
				watchRequests();
			}
		});
	}

	/**
	 * Reject the requests whose header sections do not arrive though the final GOAWAY is
	 * long sent: nothing of them was processed, and they must not hold the shutdown.
	 */
	private void rejectIncomplete() {
		Duration patience = PathTiming.headersTime(this.channel);
		boolean over = this.shutdown.state() == ConnectionState.COMPLETING
				&& System.nanoTime() - this.goAwaySentAt > patience.toNanos();
		if (over) {
			List.copyOf(this.requests.values()).forEach((request) -> request.rejectIfIncomplete(patience));
		}
	}

	/**
	 * Return whether the shutdown does not wait for an answer of the client to a GOAWAY,
	 * because it has not begun, waits for requests or is nearly over.
	 */
	boolean isSettled() {
		ConnectionState state = this.shutdown.state();
		return state != ConnectionState.GOAWAY_SENT && state != ConnectionState.FLUSHING;
	}

	boolean isShuttingDown() {
		return this.shutdown.state() != ConnectionState.OPEN;
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		if (event instanceof QuicConnectionCloseEvent close) {
			this.log.closedByPeer(close);
			// The channel stays for the draining period, but nothing can be sent any more
			this.shutdown.lost(ConnectionOutcome.PEER_CLOSED);
		}
		else if (event instanceof QuicPathEvent.PeerMigrated) {
			this.statistics.migrated();
			// The port of the event has its bytes swapped
			this.log.migrated(this.channel.remoteSocketAddress());
		}
		ctx.fireUserEventTriggered(event);
	}

	@Override
	public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
		if (!this.channel.isOpen()) {
			ctx.close(promise);
			this.shutdown.closingPeriodEnded();
			return;
		}
		// Whoever closes, we or the codec after an error of the peer
		this.log.closeSent(this.shutdown.outcome() != null);
		// Of a closed channel the round-trip time is not known any more
		sample();
		this.connections.closingPeriods()
			.close(this.channel, () -> ctx.close(promise), PathTiming.closingPeriod(this.channel), () -> {
				this.log.closingPeriodOver();
				this.shutdown.closingPeriodEnded();
			});
	}

	@Override
	public void sendGoAway(long streamId) {
		QuicStreamChannel controlStream = Http3.getLocalControlStream(this.channel);
		if (controlStream != null) {
			controlStream.writeAndFlush(new DefaultHttp3GoAwayFrame(streamId));
			this.goAwaySentAt = System.nanoTime();
			this.statistics.goAwaySent(streamId);
			this.log.goAwaySent(streamId, this.shutdown.open());
			this.connections.counters().goAwaySent();
		}
	}

	@Override
	public void cancelRequests() {
		this.log.timeIsOver(this.requests.size(), undelivered());
		this.congested = !this.requests.isEmpty() || undelivered() > 0;
		this.delivery.reset(Http3ErrorCode.H3_REQUEST_CANCELLED.code());
		List.copyOf(this.requests.values()).forEach(RequestStream::expire);
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
		ConnectionClose close = new ConnectionClose(this.channel, this.shutdown::closingPeriodEnded);
		if (!this.channel.isActive()) {
			QuicConnections.refuse(this.channel);
		}
		else if (this.congested) {
			close.sendWithRoom();
		}
		else {
			close.send();
		}
	}

	@Override
	public Duration goAwayDelay() {
		return this.connections.shutdownPolicy().goAwayDelay().orElseGet(() -> PathTiming.goAwayDelay(this.channel));
	}

	@Override
	public Duration maxGoAwayDelay() {
		return this.connections.shutdownPolicy().goAwayDelay().orElse(PathTiming.MAX_GOAWAY_DELAY);
	}

	@Override
	public Timer schedule(Duration delay, Runnable task) {
		Future<?> future = this.channel.eventLoop().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
		return () -> future.cancel(false);
	}

	/**
	 * Describe the requests that are open.
	 */
	Stream<StuckRequest> openRequests() {
		SocketAddress peer = this.channel.remoteSocketAddress();
		return this.requests.values()
			.stream()
			.map(RequestStream::describe)
			.map((request) -> new StuckRequest(request.method(), request.path(), request.age(), peer));
	}

	String id() {
		return this.statistics.id();
	}

	/**
	 * Tell those who have asked what has happened since the last time.
	 */
	void sample() {
		this.connections.counters().sampling().sample(this.statistics);
	}

	/**
	 * Describe the connection.
	 */
	ConnectionSnapshot snapshot() {
		List<OpenRequestSnapshot> open = this.requests.values()
			.stream()
			.limit(ConnectionSnapshot.MAX_OPEN_REQUESTS)
			.map(RequestStream::describe)
			.toList();
		return this.statistics.snapshot(this.shutdown, this.established, open);
	}

	@Override
	public void closed() {
		cancelHandshakeTimeout();
		cancelRetirement();
		this.delivery.cancel();
		if (this.requestWatch != null) {
			this.requestWatch.cancel();
			this.requestWatch = null;
		}
		sample();
		if (!this.established) {
			this.connections.handshakeEnded();
		}
		ConnectionOutcome outcome = this.shutdown.outcome();
		this.log.ended(this.refused ? null : outcome, this.statistics.age().toMillis(), this.shutdown.accepted());
		if (this.refused) {
			this.connections.counters().connectionRefused();
		}
		else if (!this.established) {
			this.connections.counters().handshakeFailed();
		}
		else if (outcome != null) {
			this.connections.counters().connectionEnded(outcome);
		}
		this.connections.remove(this);
	}

}
