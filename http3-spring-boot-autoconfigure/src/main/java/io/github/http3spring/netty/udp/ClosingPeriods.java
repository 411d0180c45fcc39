package io.github.http3spring.netty.udp;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the closing period that Netty's codec leaves out: the datagrams that closed a
 * connection are sent again when the peer still sends packets (RFC 9000 section 10.2.1).
 * First handler of the datagram channel, confined to its event loop. Costs nothing per
 * packet while no connection is closing.
 */
public final class ClosingPeriods extends ChannelDuplexHandler {

	/**
	 * A closing period lasts three probe timeouts, and a part of it half of one.
	 */
	private static final int PERIOD_PARTS = 6;

	/**
	 * How many times as long as a packet its answer may be if the address is not
	 * validated (RFC 9000 section 8.1).
	 */
	private static final int AMPLIFICATION = 3;

	private final Map<ByteBuffer, ClosedConnection> closed = new HashMap<>();

	/**
	 * The connection id of the datagram that is being processed.
	 */
	private final ByteBuffer id = PacketHeader.newIdBuffer();

	private final Set<ClosedConnection> open = new HashSet<>();

	private final int idLength;

	private final LongSupplier clock;

	private @Nullable ClosedConnection recording;

	private @Nullable ChannelHandlerContext context;

	private @Nullable Runnable whenEmpty;

	/**
	 * Time at which all periods have to be over, by our clock; none as long as there is
	 * time.
	 */
	private @Nullable Long deadline;

	/**
	 * Create the handler of a socket.
	 * @param idLength the length of our connection ids
	 */
	public ClosingPeriods(int idLength) {
		this(idLength, System::nanoTime);
	}

	ClosingPeriods(int idLength, LongSupplier clock) {
		this.idLength = idLength;
		this.clock = clock;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		this.context = ctx;
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext ctx) {
		List.copyOf(this.open).forEach(ClosedConnection::end);
		this.context = null;
	}

	/**
	 * Let all closing periods end in time, those to come too.
	 * @param left the time that is left
	 */
	public void endWithin(Duration left) {
		this.deadline = this.clock.getAsLong() + left.toNanos();
		this.open.forEach(ClosedConnection::hurry);
	}

	/**
	 * Run a task once no closing period is under way: the socket can then be closed
	 * without leaving a peer in the dark.
	 * @param task the task
	 */
	public void whenEmpty(Runnable task) {
		this.whenEmpty = task;
		runIfEmpty();
	}

	private void runIfEmpty() {
		if (this.open.isEmpty() && this.whenEmpty != null) {
			Runnable task = this.whenEmpty;
			this.whenEmpty = null;
			task.run();
		}
	}

	/**
	 * Close a connection and begin its closing period.
	 * @param ids what the peer may address the connection with
	 * @param validated whether the peer has shown that it owns its address
	 * @param close sends the closing datagram before it returns
	 * @param period the length of the closing period
	 * @param ended called when the period is over
	 */
	public void close(Set<ByteBuffer> ids, boolean validated, Runnable close, Duration period, Runnable ended) {
		ClosedConnection connection = new ClosedConnection(ids, validated, ended);
		this.recording = connection;
		try {
			close.run();
		}
		finally {
			this.recording = null;
		}
		connection.begin(period);
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
		// Netty 4.2 sends an empty datagram behind the last one
		if (this.recording != null && msg instanceof DatagramPacket packet && packet.content().isReadable()) {
			this.recording.record(packet);
		}
		ctx.write(msg, promise);
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		if (!this.closed.isEmpty() && msg instanceof DatagramPacket packet
				&& PacketHeader.copyDestinationId(packet.content(), this.idLength, this.id)) {
			ClosedConnection connection = this.closed.get(this.id);
			if (connection != null) {
				connection.answer(packet);
				packet.release();
				return;
			}
		}
		ctx.fireChannelRead(msg);
	}

	/**
	 * What is left of a connection after its close.
	 */
	private final class ClosedConnection {

		private final Set<ByteBuffer> ids;

		private final boolean validated;

		private final Runnable ended;

		private byte @Nullable [] datagram;

		private int packets;

		private int unasked;

		private @Nullable InetSocketAddress peer;

		private Duration part = Duration.ZERO;

		private @Nullable ScheduledFuture<?> timer;

		ClosedConnection(Set<ByteBuffer> ids, boolean validated, Runnable ended) {
			this.ids = ids;
			this.validated = validated;
			this.ended = ended;
		}

		/**
		 * Keep the last datagram.
		 */
		void record(DatagramPacket packet) {
			List<ByteBuf> datagrams = SegmentationOffload.datagrams(packet);
			this.datagram = ByteBufUtil.getBytes(datagrams.get(datagrams.size() - 1));
			this.peer = packet.recipient();
		}

		void begin(Duration period) {
			ClosingPeriods.this.open.add(this);
			this.ids.forEach((id) -> ClosingPeriods.this.closed.put(id, this));
			schedule(shortest(period).dividedBy(PERIOD_PARTS));
		}

		private Duration shortest(Duration period) {
			Long deadline = ClosingPeriods.this.deadline;
			if (deadline == null) {
				return period;
			}
			Duration left = Duration.ofNanos(Math.max(0, deadline - ClosingPeriods.this.clock.getAsLong()));
			return (period.compareTo(left) < 0) ? period : left;
		}

		void hurry() {
			Duration period = this.part.multipliedBy(PERIOD_PARTS);
			if (this.timer != null && shortest(period) != period) {
				this.timer.cancel(false);
				schedule(shortest(period).dividedBy(PERIOD_PARTS));
			}
		}

		private void schedule(Duration part) {
			this.part = part;
			ChannelHandlerContext ctx = ClosingPeriods.this.context;
			if (ctx == null) {
				end();
				return;
			}
			this.timer = ctx.executor().schedule(() -> partElapsed(part), part.toNanos(), TimeUnit.NANOSECONDS);
		}

		/**
		 * Repeat the close unasked twice per probe timeout: a client that has nothing to
		 * send would otherwise never learn of it if the datagram was lost, and three of
		 * them are lost too often where every fifth packet is. A client whose handshake
		 * is not done asks again by itself, and is not sent anything unasked.
		 */
		private void partElapsed(Duration part) {
			this.unasked++;
			if (this.unasked == PERIOD_PARTS) {
				end();
				return;
			}
			if (this.validated && this.peer != null) {
				send(this.peer);
			}
			schedule(part);
		}

		/**
		 * Repeat the close for packets 1, 2, 4, 8 and so on, which limits what a peer can
		 * make us send. To an address that is not validated no more than three times what
		 * came from there (RFC 9000 sections 8.1 and 10.2.1).
		 */
		void answer(DatagramPacket packet) {
			this.packets++;
			if (Integer.bitCount(this.packets) != 1 || this.datagram == null) {
				return;
			}
			InetSocketAddress sender = packet.sender();
			boolean validated = this.validated && sender.equals(this.peer);
			if (validated || this.datagram.length <= AMPLIFICATION * packet.content().readableBytes()) {
				send(sender);
			}
		}

		private void send(InetSocketAddress recipient) {
			ChannelHandlerContext ctx = ClosingPeriods.this.context;
			if (ctx != null && this.datagram != null) {
				ctx.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(this.datagram), recipient),
						ctx.voidPromise());
			}
		}

		void end() {
			if (!ClosingPeriods.this.open.remove(this)) {
				return;
			}
			this.ids.forEach((id) -> ClosingPeriods.this.closed.remove(id, this));
			if (this.timer != null) {
				this.timer.cancel(false);
			}
			this.ended.run();
			runIfEmpty();
		}

	}

}
