package io.github.http3spring.netty.connection;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.http3spring.netty.protocol.Priority;
import io.github.http3spring.netty.protocol.PriorityUpdates;
import io.github.http3spring.netty.request.OpenRequests;
import io.github.http3spring.netty.request.RequestEnd;
import io.github.http3spring.netty.request.RequestOwner;
import io.github.http3spring.netty.request.RequestStream;
import io.github.http3spring.netty.request.UnsentData;
import io.github.http3spring.netty.settings.ServerLimits;
import io.github.http3spring.netty.stack.PathTiming;
import io.github.http3spring.netty.stack.QuicheAccess;
import io.github.http3spring.netty.stack.QuicheStreams;
import io.github.http3spring.server.OpenRequestSnapshot;
import io.github.http3spring.shutdown.ConnectionShutdown;
import io.github.http3spring.shutdown.ConnectionState;
import io.netty.buffer.Unpooled;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one connection, from the decision whether one is served until its end
 * is accounted for. Confined to the event loop of the connection.
 */
final class ConnectionRequests implements RequestOwner, PriorityUpdates, UnsentData.Owner {

	private final QuicChannel channel;

	private final ServerContext server;

	private final ConnectionShutdown shutdown;

	private final ConnectionEvents events;

	private final ConnectionRetirement retirement;

	private final OpenRequests open;

	/**
	 * Bytes of requests that handlers were handed.
	 */
	private long delivered;

	// Nothing is created that an idle connection does not need.

	private @Nullable ResponseDelivery delivery;

	private @Nullable LoadLimit load;

	private @Nullable UnsentData unsentData;

	private @Nullable UndeliveredData undeliveredData;

	private @Nullable LostRequests lost;

	ConnectionRequests(QuicChannel channel, ServerContext server, ConnectionShutdown shutdown, ConnectionEvents events,
			ConnectionRetirement retirement) {
		this.channel = channel;
		this.server = server;
		this.shutdown = shutdown;
		this.events = events;
		this.retirement = retirement;
		this.open = new OpenRequests(this, server.limits(), channel);
	}

	/**
	 * Take in a request whose stream was opened, or reject it.
	 * @return whether it is served
	 */
	boolean open(QuicStreamChannel stream) {
		if (!this.shutdown.requestOpened(stream.streamId())) {
			reject(stream);
			return false;
		}
		if (!this.server.memory().requests().take(this.open.count())) {
			this.shutdown.requestRefused();
			reject(stream);
			return false;
		}
		// Reactor Netty reads a request at the pace of the application
		stream.config().setAutoRead(false);
		this.events.requestAccepted();
		this.open.open(stream);
		this.retirement.requestAccepted();
		return true;
	}

	/**
	 * Reject a request of which nothing was processed (RFC 9114 section 4.1.1): the
	 * client may send it again on another connection.
	 */
	private void reject(QuicStreamChannel stream) {
		this.events.requestRejected(stream.streamId());
		stream.shutdown(Http3ErrorCode.H3_REQUEST_REJECTED.code(), stream.newPromise());
		QuicheStreams.withholdFin(stream);
		stream.unsafe().closeForcibly();
	}

	private ServerLimits limits() {
		return this.server.limits();
	}

	@Override
	public UnsentData unsentData() {
		if (this.unsentData == null) {
			this.unsentData = new UnsentData(this.channel, this.server.maxIdleTimeout(), limits().maxUnsentData(),
					this.server.memory().unsent(), System::nanoTime, this);
		}
		return this.unsentData;
	}

	@Override
	public void mayWrite() {
		this.open.resume();
	}

	@Override
	public void neverAcknowledged() {
		unsentData().cancel();
		closeBecauseOf(ExcessiveLoad.SHARE_OF_UNACKNOWLEDGED_DATA);
	}

	private UndeliveredData undeliveredData() {
		if (this.undeliveredData == null) {
			this.undeliveredData = new UndeliveredData(this.channel, limits().receive(),
					this.server.memory().undelivered(), () -> this.delivered, System::nanoTime, this::undelivered);
		}
		return this.undeliveredData;
	}

	@Override
	public void delivered(long bytes) {
		this.delivered += bytes;
	}

	/**
	 * Look at what has arrived, of which requests need not know anything yet.
	 */
	void lookAtReceived() {
		if (this.undeliveredData != null || UndeliveredData.mayMatter(this.channel)) {
			undeliveredData().look();
		}
	}

	private void undelivered(UndeliveredData.Judgement judgement) {
		switch (judgement) {
			case MUCH -> retire();
			case LINGERING -> {
				// Of a request it may be what its handler does not read
				if (this.open.count() == 0) {
					retire();
				}
			}
			case EXCESSIVE -> closeBecauseUndelivered(ExcessiveLoad.UNDELIVERED_DATA);
			case BUDGET_EXCEEDED -> closeBecauseUndelivered(ExcessiveLoad.SHARE_OF_UNDELIVERED_DATA);
		}
	}

	private void closeBecauseUndelivered(ExcessiveLoad load) {
		undeliveredData().cancel();
		closeBecauseOf(load);
	}

	/**
	 * Return whether so much was received and not delivered that it takes time to free
	 * it.
	 */
	boolean holdMuch() {
		return this.undeliveredData != null && this.undeliveredData.isWorthMentioning();
	}

	/**
	 * Send CONNECTION_CLOSE, unless the client has, and free the connection then or some
	 * time later.
	 * @param close sends and frees
	 */
	void close(Runnable close) {
		if (!holdMuch() || !this.channel.isActive()) {
			close.run();
			return;
		}
		undeliveredData().cancel();
		QuicheAccess.closeForGood(this.channel);
		new GradualRelease(this.channel, this.shutdown.requests().nextStreamId(), limits().maxRequests(),
				this.server.putOffWork(), (streamId) -> QuicheAccess.discardReceived(this.channel, streamId), close,
				System::nanoTime)
			.takeTurn();
	}

	private void retire() {
		if (!this.shutdown.isShuttingDown()) {
			this.retirement.begin();
		}
	}

	private void closeBecauseOf(ExcessiveLoad load) {
		if (this.channel.isActive()) {
			this.events.excessiveLoad(load);
			close();
		}
	}

	private void close() {
		this.channel.close(true, Http3ErrorCode.H3_EXCESSIVE_LOAD.code(), Unpooled.EMPTY_BUFFER);
	}

	@Override
	public boolean isShuttingDown() {
		return this.shutdown.isShuttingDown();
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
		return (this.shutdown.sinceGoAway().compareTo(time) > 0) ? time : null;
	}

	@Override
	public void requestEnded(RequestEnd end, Supplier<OpenRequestSnapshot> description) {
		long streamId = end.streamId();
		boolean successful = end.responseSent();
		if (!this.open.remove(streamId)) {
			return;
		}
		this.server.memory().requests().giveBack();
		if (!this.channel.isOpen()) {
			// Counts as open when the loss of the connection is accounted for
			if (!successful && !this.shutdown.isClosing()) {
				noteLost(description);
			}
			return;
		}
		if (successful) {
			delivery().responseSent(streamId, end.responseBytes(), end.timeToRead());
		}
		this.events.requestEnded(streamId, successful, this.shutdown.state(), this.shutdown.requests().open() - 1);
		this.shutdown.requestEnded(successful);
		if (!end.received()) {
			undeliveredData().requestNotReceived();
			this.retirement.requestNotReceived();
		}
	}

	private void noteLost(Supplier<OpenRequestSnapshot> request) {
		if (this.server.isShuttingDown()) {
			if (this.lost == null) {
				this.lost = new LostRequests();
			}
			this.lost.add(request.get());
		}
	}

	/**
	 * Note that the client has reset, stopped or malformed a request. More of these per
	 * second than are allowed end the connection at once (RFC 9114 section 10.5).
	 */
	@Override
	public void requestAbandoned() {
		if (this.channel.isActive() && !admits(ExcessiveLoad.RESETS)) {
			close();
		}
	}

	@Override
	public @Nullable Http3ErrorCode update(long streamId, Priority priority) {
		return this.open.updatePriority(streamId, priority, this.shutdown.requests().nextStreamId());
	}

	@Override
	public boolean admitsEmptyFrame() {
		return admits(ExcessiveLoad.EMPTY_FRAMES);
	}

	private boolean admits(ExcessiveLoad load) {
		if (this.load == null) {
			this.load = new LoadLimit(this.events, limits(), System::nanoTime);
		}
		return this.load.admits(load);
	}

	@Override
	public void requestsLookedAt() {
		ControlStream.closeIfStopped(this.channel);
	}

	@Override
	public void requestStopped(long streamId) {
		delivery().requestStopped(streamId);
	}

	/**
	 * Return what watches the responses that were handed to the transport.
	 */
	ResponseDelivery delivery() {
		if (this.delivery == null) {
			this.delivery = new ResponseDelivery(this.channel, this.server.maxIdleTimeout(),
					this.server.shutdownPolicy().linger());
		}
		return this.delivery;
	}

	/**
	 * Return how many responses are still on their way.
	 */
	int undelivered() {
		return (this.delivery != null) ? this.delivery.undelivered() : 0;
	}

	/**
	 * Tell each request that the connection is being shut down.
	 */
	void shutDown() {
		this.open.shutDown();
	}

	/**
	 * Remember the requests that are lost with the connection.
	 */
	void noteLost() {
		this.open.stream().forEach((request) -> noteLost(request::describe));
	}

	/**
	 * Cut each request and each response off, because time is over.
	 */
	void expire() {
		if (this.delivery != null) {
			this.delivery.reset(Http3ErrorCode.H3_REQUEST_CANCELLED.code());
		}
		this.open.expire();
	}

	/**
	 * Cancel each request, because its client has closed the connection.
	 */
	void cancel() {
		this.open.cancel();
	}

	int count() {
		return this.open.count();
	}

	/**
	 * Describe the requests that are open.
	 */
	Stream<OpenRequestSnapshot> describe() {
		return this.open.stream().map(RequestStream::describe);
	}

	/**
	 * Return the requests that were lost with the connection during a shutdown of the
	 * server.
	 */
	List<OpenRequestSnapshot> lost() {
		return (this.lost != null) ? this.lost.list() : List.of();
	}

	/**
	 * Wait for nothing any more.
	 */
	void stopWatching() {
		this.open.cancelCheck();
		if (this.delivery != null) {
			this.delivery.cancel();
		}
		if (this.unsentData != null) {
			this.unsentData.cancel();
		}
		if (this.undeliveredData != null) {
			this.undeliveredData.cancel();
		}
	}

}
