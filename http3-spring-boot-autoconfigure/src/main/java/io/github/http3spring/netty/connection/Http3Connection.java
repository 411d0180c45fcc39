package io.github.http3spring.netty.connection;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.github.http3spring.netty.path.AddressChange;
import io.github.http3spring.netty.path.DatagramSize;
import io.github.http3spring.netty.path.PeerAddresses;
import io.github.http3spring.netty.stack.PostponedTimer;
import io.github.http3spring.netty.stack.QuicheAccess;
import io.github.http3spring.netty.udp.AmplificationLimit;
import io.github.http3spring.netty.udp.ReceiveSampling;
import io.github.http3spring.netty.udp.RefusedConnection;
import io.github.http3spring.server.ConnectionShutdownSignal;
import io.github.http3spring.server.ConnectionSnapshot;
import io.github.http3spring.server.OpenRequestSnapshot;
import io.github.http3spring.server.StuckRequest;
import io.github.http3spring.shutdown.ConnectionOutcome;
import io.github.http3spring.shutdown.ConnectionPort;
import io.github.http3spring.shutdown.ConnectionShutdown;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionCloseEvent;
import io.netty.incubator.codec.quic.QuicException;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.util.concurrent.PromiseNotifier;
import org.jspecify.annotations.Nullable;

/**
 * One connection: tells its {@link ConnectionShutdown} what happens on the wire and does
 * on the wire what that asks for. Stands before the HTTP/3 codec in the pipeline of the
 * {@link QuicChannel}, confined to its event loop.
 */
public final class Http3Connection extends ChannelDuplexHandler implements ConnectionPort {

	private final QuicChannel channel;

	private final AmplificationLimit.Client client;

	private final ConnectionOwner owner;

	private final ConnectionStatistics statistics;

	private final ConnectionEvents events;

	private final DatagramSize datagramSize;

	private final ConnectionShutdown shutdown;

	private final ConnectionRetirement retirement;

	private final ConnectionRequests requests;

	private final IncomingStreams streams;

	/**
	 * Not needed by a connection that stays open.
	 */
	private @Nullable ClosingPeriod closingPeriod;

	public Http3Connection(QuicChannel channel, AmplificationLimit.Client client, ConnectionOwner owner, long serial) {
		this.channel = channel;
		this.client = client;
		this.owner = owner;
		this.statistics = new ConnectionStatistics(channel, serial);
		this.events = new ConnectionListeners(new ConnectionLog(this.statistics::id, owner.certificateRefusals()),
				this.statistics, owner.counters());
		this.datagramSize = DatagramSize.of(channel, owner.maxUdpPayload(), owner.maxIdleTimeout(),
				this.events::blackHoleFound);
		PathTimes timing = new PathTimes(channel, owner);
		this.shutdown = new ConnectionShutdown(this, timing);
		this.retirement = new ConnectionRetirement(owner.connectionPolicy(), this.shutdown, timing, this::undelivered);
		this.requests = new ConnectionRequests(channel, owner, this.shutdown, this.events, this.retirement);
		this.streams = new IncomingStreams(channel, owner, this.requests);
		this.events.accepted(channel.remoteSocketAddress());
		channel.closeFuture().addListener((future) -> {
			client.closed();
			this.shutdown.lost(channel.isTimedOut() ? ConnectionOutcome.IDLE_TIMEOUT : ConnectionOutcome.PEER_CLOSED);
		});
		this.shutdown.awaitHandshake(owner.limits().handshakeTimeout());
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
		PostponedTimer.applyTo(this.channel);
		ctx.executor().execute(() -> QuicheAccess.readEarlyData(this.channel));
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		this.datagramSize.established();
		this.shutdown.established();
		this.owner.handshakeEnded();
		this.events.handshakeDone(this.statistics.age());
		ctx.fireChannelActive();
		if (this.owner.isShuttingDown()) {
			this.shutdown.start();
		}
		else {
			this.retirement.established();
		}
	}

	/**
	 * Shut this connection down while the server lives on, unless its handshake is under
	 * way. A second call can only bring the deadline forward.
	 * @return whether this call began the shutdown
	 */
	public boolean retire(Duration gracePeriod) {
		return this.retirement.begin(gracePeriod);
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		if (msg instanceof QuicStreamChannel stream) {
			this.streams.open(ctx, stream);
		}
		else {
			ctx.fireChannelRead(msg);
		}
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		if (event == ReceiveSampling.Sample.TAKEN) {
			this.requests.lookAtReceived();
			return;
		}
		if (event instanceof QuicConnectionCloseEvent close) {
			this.events.closeReceived(close.isApplicationClose(), close.error());
			// The channel stays for the draining period, but nothing can be sent any more
			this.shutdown.lost(ConnectionOutcome.PEER_CLOSED);
			this.requests.cancel();
			if (this.requests.holdMuch()) {
				release(ctx, ctx.newPromise());
			}
		}
		else if (event == AddressChange.MOVED) {
			SocketAddress address = PeerAddresses.of(this.channel);
			this.client.moved((InetSocketAddress) address);
			this.datagramSize.moved(address);
			this.events.moved(address);
		}
		else if (event == AddressChange.USED_UP) {
			// Before there is no path left, the client is asked to connect again
			this.retirement.begin();
		}
		ctx.fireUserEventTriggered(event);
	}

	/**
	 * Close the connection for us, or for the codec after an error of the peer.
	 */
	@Override
	public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
		if (!this.channel.isOpen()) {
			ctx.close(promise);
			closingPeriod().gone();
			return;
		}
		if (closingPeriod().hasBegun()) {
			// What the connection holds is being freed
			PromiseNotifier.cascade(this.channel.closeFuture(), promise);
			return;
		}
		ConnectionOutcome outcome = this.shutdown.outcome();
		if (outcome == null && !this.channel.isActive()) {
			QuicheAccess.closeHandshake(this.channel);
		}
		this.events.closeSent(outcome);
		// Of a closed channel the round-trip time is not known any more
		sample();
		release(ctx, promise);
	}

	/**
	 * Begin the closing period, or if the client has closed the connection the draining
	 * period, in which nothing is sent.
	 */
	private void release(ChannelHandlerContext ctx, ChannelPromise promise) {
		closingPeriod().begin(() -> this.requests.close(() -> ctx.close(promise)));
	}

	/**
	 * Close the connection after an error of the client that quiche has found. It would
	 * send CONNECTION_CLOSE once only, and the requests would learn of it after the
	 * draining period.
	 */
	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		ctx.fireExceptionCaught(cause);
		if (cause instanceof QuicException && this.channel.isActive()) {
			this.channel.close();
		}
	}

	private ClosingPeriod closingPeriod() {
		if (this.closingPeriod == null) {
			this.closingPeriod = new ClosingPeriod(this.channel, this.client, this.owner.closingPeriods(), this.events,
					this.shutdown::closingPeriodEnded);
		}
		return this.closingPeriod;
	}

	@Override
	public void sendGoAway(long streamId) {
		this.datagramSize.settle();
		if (ControlStream.sendGoAway(this.channel, streamId)) {
			this.events.goAwaySent(streamId, this.shutdown.requests().open());
		}
	}

	@Override
	public void tellHandlers() {
		this.requests.shutDown();
		ConnectionShutdownSignal.of(this.channel).start();
	}

	@Override
	public void requestsLost(int requests, int responses) {
		this.requests.noteLost();
		this.events.requestsLost(requests, responses);
	}

	@Override
	public void cancelRequests() {
		this.events.timeIsOver(this.requests.count(), undelivered());
		this.requests.expire();
	}

	@Override
	public int undelivered() {
		return this.requests.undelivered();
	}

	@Override
	public void awaitDelivery() {
		this.requests.delivery().await(this.shutdown::delivered);
		this.events.flushing(undelivered(), this.requests.delivery().readingTime());
	}

	@Override
	public void close(ConnectionOutcome outcome) {
		ConnectionClose close = new ConnectionClose(this.channel, this.owner.maxIdleTimeout(), closingPeriod()::gone);
		if (!this.channel.isOpen()) {
			close.send();
			return;
		}
		switch (outcome) {
			case VANISHED -> close.sendAlone();
			// The congestion window may be full of what was cut off
			case DEADLINE -> close.sendAfter(this.owner.cutOffAt().orElseGet(System::nanoTime));
			default -> close.send();
		}
	}

	@Override
	public void refuse() {
		this.events.handshakeGivenUp();
		RefusedConnection.refuse(this.channel);
	}

	@Override
	public void keepAlive() {
		if (ControlStream.sendReserved(this.channel)) {
			this.events.keptAlive();
		}
	}

	@Override
	public void closed(ConnectionOutcome outcome) {
		this.retirement.cancel();
		this.requests.stopWatching();
		this.datagramSize.cancel();
		sample();
		if (!outcome.hasBeenOpen()) {
			this.owner.handshakeEnded();
		}
		this.events.ended(outcome, this.statistics.age(), this.shutdown.requests().accepted());
		this.owner.ended(this);
	}

	/**
	 * Tell those who have asked what has happened since the last time.
	 */
	public void sample() {
		this.owner.samples().sample(this.statistics);
	}

	public long serial() {
		return this.statistics.serial();
	}

	public String id() {
		return this.statistics.id();
	}

	public @Nullable SocketAddress peer() {
		return PeerAddresses.of(this.channel);
	}

	/**
	 * Describe the requests that are open, which the deadline would cut off.
	 */
	public Stream<StuckRequest> openRequests() {
		return this.requests.describe()
			.map((request) -> StuckRequest.of(request, peer(), StuckRequest.Reason.DEADLINE));
	}

	/**
	 * Describe the requests that its end has cut off during a shutdown of the server.
	 */
	public Stream<StuckRequest> lostRequests(StuckRequest.Reason reason) {
		return this.requests.lost().stream().map((request) -> StuckRequest.of(request, peer(), reason));
	}

	public ConnectionSnapshot snapshot() {
		List<OpenRequestSnapshot> open = this.requests.describe().limit(ConnectionSnapshot.MAX_OPEN_REQUESTS).toList();
		return this.statistics.snapshot(this.owner.worker(), this.shutdown, open);
	}

}
