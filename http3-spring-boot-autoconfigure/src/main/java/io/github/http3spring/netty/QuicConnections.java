package io.github.http3spring.netty;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

import io.github.http3spring.shutdown.CloseTiming;
import io.github.http3spring.shutdown.ConnectionPolicy;
import io.github.http3spring.shutdown.ShutdownPolicy;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicTransportError;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * All live connections of one UDP socket, and the decision whether a new one is accepted.
 * Confined to the event loop of the socket.
 */
final class QuicConnections implements Admission {

	private final AmplificationLimit amplificationLimit = new AmplificationLimit();

	private final ClosingPeriods closingPeriods = new ClosingPeriods();

	private final PeerAddresses peerAddresses;

	private final Set<Http3Connection> live = new LinkedHashSet<>();

	/**
	 * The connection ids of live connections to which clients send Initial packets.
	 */
	private final Set<ByteBuffer> ids = new HashSet<>();

	private final ShutdownPolicy shutdownPolicy;

	private final ConnectionPolicy connectionPolicy;

	private final Duration maxIdleTimeout;

	private final ServerLimits limits;

	private final ConnectionLimit limit;

	private final ServerCounters counters;

	private @Nullable ServerShutdown shutdown;

	private OptionalLong cutOffAt = OptionalLong.empty();

	private long serial;

	private int pendingHandshakes;

	QuicConnections(Http3ServerSettings settings, ServerCounters counters) {
		this.limits = settings.limits();
		this.limit = new ConnectionLimit(this.limits.maxConnections(), System::nanoTime);
		this.peerAddresses = new PeerAddresses(settings.quic().activeConnectionIdLimit());
		this.counters = counters;
		this.shutdownPolicy = settings.shutdownPolicy();
		this.connectionPolicy = settings.connectionPolicy();
		this.maxIdleTimeout = settings.quic().maxIdleTimeout();
	}

	/**
	 * Take in a connection whose first packet has arrived.
	 */
	void add(Channel channel) {
		QuicChannel quicChannel = (QuicChannel) channel;
		InetSocketAddress address = (InetSocketAddress) quicChannel.remoteSocketAddress();
		if (!admits()) {
			refuseLate(quicChannel, address);
			return;
		}
		Set<ByteBuffer> ids = QuicheAccess.connectionIds(quicChannel);
		AmplificationLimit.Client client = this.amplificationLimit.opened(address, ids);
		this.ids.addAll(ids);
		quicChannel.closeFuture().addListener((future) -> {
			this.ids.removeAll(ids);
			client.closed();
		});
		this.peerAddresses.add(quicChannel);
		Http3Connection connection = new Http3Connection(quicChannel, client, this, ++this.serial);
		this.live.add(connection);
		ChannelPipeline pipeline = quicChannel.pipeline();
		FieldSectionLimit.announce(pipeline.get(NettyPipeline.HttpCodec), this.limits.maxHeaderSize());
		this.pendingHandshakes++;
		pipeline.addBefore(NettyPipeline.HttpCodec, null, connection);
		pipeline.addLast(new ConnectionSslHandler(quicChannel), PeerErrorLog.INSTANCE);
	}

	/**
	 * Refuse a connection that the codec has taken in, because what it would have been
	 * told from is not known. Not before the codec is done with the first packet: it has
	 * no keys to say anything.
	 */
	private void refuseLate(QuicChannel channel, InetSocketAddress client) {
		refused(ByteBuffer.allocate(0), client);
		channel.pipeline().addFirst(new RefusedConnection());
		channel.eventLoop().execute(() -> refuse(channel));
	}

	@Override
	public boolean isKnown(ByteBuffer connectionId) {
		return this.ids.contains(connectionId) || !QuicheAccess.AVAILABLE;
	}

	@Override
	public boolean admits() {
		return this.shutdown == null && this.limit.admits(this.live.size());
	}

	@Override
	public void refused(ByteBuffer connectionId, InetSocketAddress client) {
		if (this.shutdown != null) {
			this.shutdown.connectionRefused();
			ConnectionLog.refused(connectionId, client, "the server is shutting down");
		}
		else {
			this.limit.refused();
			ConnectionLog.refused(connectionId, client, "there are too many connections");
		}
		this.counters.connectionRefused();
	}

	void remove(Http3Connection connection) {
		if (this.live.remove(connection) && this.shutdown != null) {
			this.shutdown.connectionEnded(connection);
		}
	}

	/**
	 * Note that a connection's handshake has come to its end, or the connection before.
	 */
	void handshakeEnded() {
		this.pendingHandshakes--;
	}

	/**
	 * Return the number of connections whose handshake is under way.
	 */
	int pendingHandshakes() {
		return this.pendingHandshakes;
	}

	/**
	 * Refuse new connections from now on.
	 * @return the live connections, to be shut down
	 */
	List<Http3Connection> refuseFor(ServerShutdown shutdown) {
		this.shutdown = shutdown;
		return live();
	}

	/**
	 * Let all closing periods end in time from now on, those to come too. Only the first
	 * call counts.
	 * @param ago how long ago the shutdown is to have begun to cut everything off
	 */
	void cutOff(Duration ago) {
		if (this.cutOffAt.isEmpty()) {
			this.cutOffAt = OptionalLong.of(System.nanoTime() - ago.toNanos());
			this.closingPeriods.endWithin(CloseTiming.BUDGET);
		}
	}

	/**
	 * Return when the shutdown began to cut everything off, by the clock of
	 * {@link System#nanoTime()}.
	 */
	OptionalLong cutOffAt() {
		return this.cutOffAt;
	}

	boolean isShuttingDown() {
		return this.shutdown != null;
	}

	/**
	 * Refuse a connection that was taken in before the shutdown and whose handshake does
	 * not come to its end.
	 */
	void refuse(Http3Connection connection, QuicChannel channel) {
		if (this.live.remove(connection) && this.shutdown != null) {
			this.shutdown.pendingConnectionRefused();
		}
		refuse(channel);
	}

	List<Http3Connection> live() {
		return List.copyOf(this.live);
	}

	Optional<Http3Connection> find(String id) {
		return this.live.stream().filter((connection) -> connection.id().equals(id)).findFirst();
	}

	ServerCounters counters() {
		return this.counters;
	}

	ShutdownPolicy shutdownPolicy() {
		return this.shutdownPolicy;
	}

	ConnectionPolicy connectionPolicy() {
		return this.connectionPolicy;
	}

	/**
	 * Return the idle timeout that clients are told.
	 */
	Duration maxIdleTimeout() {
		return this.maxIdleTimeout;
	}

	ServerLimits limits() {
		return this.limits;
	}

	ClosingPeriods closingPeriods() {
		return this.closingPeriods;
	}

	AmplificationLimit amplificationLimit() {
		return this.amplificationLimit;
	}

	PeerAddresses peerAddresses() {
		return this.peerAddresses;
	}

	/**
	 * Send CONNECTION_CLOSE with CONNECTION_REFUSED (RFC 9000 section 5.2.2): the client
	 * may take its requests elsewhere at once.
	 */
	static void refuse(QuicChannel channel) {
		channel.close(false, (int) QuicTransportError.CONNECTION_REFUSED.code(), Unpooled.EMPTY_BUFFER);
	}

}
