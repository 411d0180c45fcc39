package io.github.http3spring.netty;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

import io.github.http3spring.netty.connection.ConnectionListeners;
import io.github.http3spring.netty.connection.ConnectionOwner;
import io.github.http3spring.netty.connection.Http3Connection;
import io.github.http3spring.netty.connection.PutOffWork;
import io.github.http3spring.netty.connection.SampleListeners;
import io.github.http3spring.netty.connection.ServerCounters;
import io.github.http3spring.netty.path.PeerAddresses;
import io.github.http3spring.netty.protocol.PeerErrorLog;
import io.github.http3spring.netty.request.MemoryBudgets;
import io.github.http3spring.netty.settings.Http3ServerSettings;
import io.github.http3spring.netty.settings.ServerLimits;
import io.github.http3spring.netty.stack.FieldSectionLimit;
import io.github.http3spring.netty.stack.QuicheAccess;
import io.github.http3spring.netty.tls.CertificateRefusals;
import io.github.http3spring.netty.udp.Admission;
import io.github.http3spring.netty.udp.AmplificationLimit;
import io.github.http3spring.netty.udp.ClosingPeriods;
import io.github.http3spring.netty.udp.RefusedConnection;
import io.github.http3spring.netty.udp.SocketTurns;
import io.github.http3spring.shutdown.CloseTiming;
import io.github.http3spring.shutdown.ConnectionPolicy;
import io.github.http3spring.shutdown.ShutdownPolicy;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.incubator.codec.quic.QuicChannel;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * All live connections of one worker, and the decision whether a new one is accepted.
 * Confined to the event loop of the socket.
 */
final class ConnectionRegistry implements Admission, ConnectionOwner {

	private final AmplificationLimit amplificationLimit = new AmplificationLimit();

	private final SocketTurns turns;

	private final PutOffWork putOffWork = new PutOffWork();

	private final ClosingPeriods closingPeriods;

	private final PeerAddresses peerAddresses;

	private final Set<Http3Connection> live = new LinkedHashSet<>();

	private final ShutdownPolicy shutdownPolicy;

	private final ConnectionPolicy connectionPolicy;

	private final Duration maxIdleTimeout;

	private final long maxUdpPayload;

	private final ServerLimits limits;

	private final ServerWide serverWide;

	private final int worker;

	private final ServerCounters counters;

	private @Nullable Listener shutdown;

	private OptionalLong cutOffAt = OptionalLong.empty();

	private @Nullable Runnable whenEmpty;

	/**
	 * Pipeline of the codec, as soon as that has a connection.
	 */
	private @Nullable ChannelPipeline codec;

	ConnectionRegistry(ServerWide serverWide, int worker, ServerCounters counters) {
		Http3ServerSettings settings = serverWide.settings();
		this.serverWide = serverWide;
		this.worker = worker;
		this.limits = settings.limits();
		int idLength = settings.connectionIds().length();
		this.turns = new SocketTurns(idLength, settings.udpBuffers().receive());
		this.closingPeriods = new ClosingPeriods(idLength);
		this.peerAddresses = new PeerAddresses(idLength, settings.quic().activeConnectionIdLimit());
		this.counters = counters;
		this.shutdownPolicy = settings.shutdownPolicy();
		this.connectionPolicy = settings.connectionPolicy();
		this.maxIdleTimeout = settings.quic().maxIdleTimeout();
		this.maxUdpPayload = settings.quic().sendUdpPayload();
	}

	/**
	 * Take in a connection whose first packet has arrived.
	 */
	void add(Channel channel) {
		QuicChannel quicChannel = (QuicChannel) channel;
		InetSocketAddress address = (InetSocketAddress) quicChannel.remoteSocketAddress();
		if (this.shutdown != null || !this.serverWide.limit().take()) {
			refuseLate(quicChannel, address);
			return;
		}
		this.codec = quicChannel.parent().pipeline();
		AmplificationLimit.Client client = this.amplificationLimit.opened(address,
				QuicheAccess.connectionIds(quicChannel));
		this.peerAddresses.add(quicChannel);
		Http3Connection connection = new Http3Connection(quicChannel, client, this,
				this.serverWide.serial().incrementAndGet());
		this.live.add(connection);
		ChannelPipeline pipeline = quicChannel.pipeline();
		FieldSectionLimit.announce(pipeline.get(NettyPipeline.HttpCodec), this.limits.maxHeaderSize());
		this.serverWide.pendingHandshakes().incrementAndGet();
		pipeline.addBefore(NettyPipeline.HttpCodec, null, connection);
		pipeline.addLast(PeerErrorLog.INSTANCE);
	}

	/**
	 * Refuse a connection that the codec has taken in, because what it would have been
	 * told from is not known. Not before the codec is done with the first packet: it has
	 * no keys to say anything.
	 */
	private void refuseLate(QuicChannel channel, InetSocketAddress client) {
		refused(ByteBuffer.allocate(0), client);
		channel.pipeline().addFirst(new RefusedConnection());
		channel.eventLoop().execute(() -> RefusedConnection.refuse(channel));
	}

	@Override
	public boolean isKnown(ByteBuffer connectionId) {
		ChannelPipeline codec = this.codec;
		return !QuicheAccess.AVAILABLE || (codec != null && QuicheAccess.find(codec, connectionId) != null);
	}

	@Override
	public boolean admits() {
		return this.shutdown == null && this.serverWide.limit().hasRoom();
	}

	@Override
	public void refused(ByteBuffer connectionId, InetSocketAddress client) {
		if (this.shutdown == null) {
			this.serverWide.limit().refused();
		}
		ConnectionListeners.ofAttempt(connectionId, this.counters, certificateRefusals())
			.refused(client,
					(this.shutdown != null) ? "the server is shutting down" : "there are too many connections");
	}

	@Override
	public void ended(Http3Connection connection) {
		if (this.live.remove(connection)) {
			this.serverWide.limit().giveBack();
			if (this.shutdown != null) {
				this.shutdown.connectionEnded(connection);
			}
		}
		runIfEmpty();
	}

	/**
	 * Run a task once there is no connection and no closing period any more.
	 */
	void whenEmpty(Runnable task) {
		this.whenEmpty = task;
		runIfEmpty();
	}

	private void runIfEmpty() {
		Runnable task = this.whenEmpty;
		if (this.live.isEmpty() && task != null) {
			this.whenEmpty = null;
			this.closingPeriods.whenEmpty(task);
		}
	}

	@Override
	public void handshakeEnded() {
		this.serverWide.pendingHandshakes().decrementAndGet();
	}

	/**
	 * Refuse new connections from now on.
	 * @return the live connections, to be shut down
	 */
	List<Http3Connection> refuseFor(Listener shutdown) {
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

	@Override
	public OptionalLong cutOffAt() {
		return this.cutOffAt;
	}

	@Override
	public boolean isShuttingDown() {
		return this.shutdown != null;
	}

	boolean isEmpty() {
		return this.live.isEmpty();
	}

	List<Http3Connection> live() {
		return List.copyOf(this.live);
	}

	Optional<Http3Connection> find(String id) {
		return this.live.stream().filter((connection) -> connection.id().equals(id)).findFirst();
	}

	@Override
	public int worker() {
		return this.worker;
	}

	@Override
	public CertificateRefusals certificateRefusals() {
		return this.serverWide.certificateRefusals();
	}

	@Override
	public SampleListeners samples() {
		return this.serverWide.samples();
	}

	@Override
	public ServerCounters counters() {
		return this.counters;
	}

	@Override
	public ShutdownPolicy shutdownPolicy() {
		return this.shutdownPolicy;
	}

	@Override
	public ConnectionPolicy connectionPolicy() {
		return this.connectionPolicy;
	}

	@Override
	public Duration maxIdleTimeout() {
		return this.maxIdleTimeout;
	}

	@Override
	public long maxUdpPayload() {
		return this.maxUdpPayload;
	}

	@Override
	public ServerLimits limits() {
		return this.limits;
	}

	@Override
	public MemoryBudgets memory() {
		return this.serverWide.memory();
	}

	@Override
	public ClosingPeriods closingPeriods() {
		return this.closingPeriods;
	}

	@Override
	public SocketTurns turns() {
		return this.turns;
	}

	@Override
	public PutOffWork putOffWork() {
		return this.putOffWork;
	}

	AmplificationLimit amplificationLimit() {
		return this.amplificationLimit;
	}

	PeerAddresses peerAddresses() {
		return this.peerAddresses;
	}

	/**
	 * Hears what becomes of connections during a shutdown.
	 */
	@FunctionalInterface
	interface Listener {

		/**
		 * Note that nothing is left of a connection.
		 */
		void connectionEnded(Http3Connection connection);

	}

}
