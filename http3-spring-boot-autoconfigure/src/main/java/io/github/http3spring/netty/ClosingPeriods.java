package io.github.http3spring.netty;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the closing period that Netty's codec leaves out: the datagrams that closed a
 * connection are sent again when the peer still sends packets (RFC 9000 section 10.2.1).
 * First handler of the datagram channel, confined to its event loop. Costs nothing per
 * packet while no connection is closing.
 */
final class ClosingPeriods extends ChannelDuplexHandler {

	/**
	 * Length of the connection ids that the codec hands out.
	 */
	static final int CONNECTION_ID_LENGTH = 20;

	/**
	 * A refused handshake takes a flight of at most three times the client's first
	 * datagram (RFC 9000 section 8.1) and the close itself.
	 */
	private static final int MAX_DATAGRAMS = 4;

	/**
	 * A closing period lasts three probe timeouts, and a part of it half of one.
	 */
	private static final int PERIOD_PARTS = 6;

	private final Map<ByteBuffer, ClosedConnection> closed = new HashMap<>();

	private final Set<ClosedConnection> open = new HashSet<>();

	private final Queue<QuicChannel> refused = new ArrayDeque<>();

	private @Nullable ClosedConnection recording;

	private @Nullable ChannelHandlerContext context;

	private @Nullable Runnable whenEmpty;

	/**
	 * Time at which all periods have to be over, by the clock of
	 * {@link System#nanoTime()}; none as long as there is time.
	 */
	private @Nullable Long deadline;

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
	 * Close a connection and begin its closing period.
	 * @param channel the connection
	 * @param close sends the closing datagram before it returns
	 * @param period the length of the closing period
	 * @param ended called when the period is over
	 */
	void close(QuicChannel channel, Runnable close, Duration period, Runnable ended) {
		begin(QuicheAccess.connectionIds(channel), close, period, ended, 1);
	}

	/**
	 * Refuse a connection whose first packet is being processed, as soon as the codec is
	 * done with that packet: before, it has no keys to say anything.
	 * @param channel the connection
	 */
	void refuse(QuicChannel channel) {
		this.refused.add(channel);
	}

	/**
	 * Let all closing periods end in time, those to come too.
	 * @param left the time that is left
	 */
	void endWithin(Duration left) {
		this.deadline = System.nanoTime() + left.toNanos();
		this.open.forEach(ClosedConnection::hurry);
	}

	/**
	 * Run a task once no closing period is under way: the socket can then be closed
	 * without leaving a peer in the dark.
	 * @param task the task
	 */
	void whenEmpty(Runnable task) {
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
	 * @param close sends the closing datagrams before it returns
	 * @param period the length of the closing period
	 * @param ended called when the period is over
	 * @param datagrams how many of the last datagrams to keep
	 */
	void begin(Set<ByteBuffer> ids, Runnable close, Duration period, Runnable ended, int datagrams) {
		ClosedConnection connection = new ClosedConnection(ids, datagrams, ended);
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
		if (this.recording != null && msg instanceof DatagramPacket packet) {
			this.recording.record(packet);
		}
		ctx.write(msg, promise);
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		if (!this.closed.isEmpty() && msg instanceof DatagramPacket packet) {
			ClosedConnection connection = find(packet.content());
			if (connection != null) {
				connection.answer(packet.sender());
				packet.release();
				return;
			}
		}
		ctx.fireChannelRead(msg);
		for (QuicChannel channel = this.refused.poll(); channel != null; channel = this.refused.poll()) {
			QuicChannel refusedChannel = channel;
			begin(QuicheAccess.connectionIds(channel), () -> QuicConnections.refuse(refusedChannel),
					PathTiming.MAX_CLOSING_PERIOD, () -> {
					}, MAX_DATAGRAMS);
		}
	}

	/**
	 * Find the closed connection that a packet is for (RFC 9000 section 17).
	 */
	private @Nullable ClosedConnection find(ByteBuf packet) {
		int start = packet.readerIndex();
		int length = packet.readableBytes();
		if (length == 0) {
			return null;
		}
		int idStart = start + 1;
		int idLength = CONNECTION_ID_LENGTH;
		if ((packet.getByte(start) & 0x80) != 0) {
			if (length < 6) {
				return null;
			}
			idStart = start + 6;
			idLength = packet.getUnsignedByte(start + 5);
		}
		if (idStart + idLength > start + length) {
			return null;
		}
		return this.closed.get(packet.nioBuffer(idStart, idLength));
	}

	/**
	 * What is left of a connection after its close.
	 */
	private final class ClosedConnection {

		private final Set<ByteBuffer> ids;

		private final int limit;

		private final Runnable ended;

		private final List<byte[]> datagrams;

		private int packets;

		private int unasked;

		private @Nullable InetSocketAddress peer;

		private Duration part = Duration.ZERO;

		private @Nullable ScheduledFuture<?> timer;

		ClosedConnection(Set<ByteBuffer> ids, int limit, Runnable ended) {
			this.ids = ids;
			this.limit = limit;
			this.ended = ended;
			this.datagrams = new ArrayList<>(limit);
		}

		void record(DatagramPacket packet) {
			for (ByteBuf datagram : SegmentationOffload.datagrams(packet)) {
				if (this.datagrams.size() == this.limit) {
					this.datagrams.remove(0);
				}
				this.datagrams.add(ByteBufUtil.getBytes(datagram));
			}
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
			Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
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
		 * them are lost too often where every fifth packet is. A refused client asks
		 * again by itself.
		 */
		private void partElapsed(Duration part) {
			this.unasked++;
			if (this.unasked == PERIOD_PARTS) {
				end();
				return;
			}
			if (this.limit == 1 && this.peer != null) {
				send(this.peer);
			}
			schedule(part);
		}

		/**
		 * Repeat the close for packets 1, 2, 4, 8 and so on, which limits what a peer can
		 * make us send.
		 */
		void answer(InetSocketAddress sender) {
			this.packets++;
			if (Integer.bitCount(this.packets) == 1) {
				send(sender);
			}
		}

		private void send(InetSocketAddress recipient) {
			ChannelHandlerContext ctx = ClosingPeriods.this.context;
			if (ctx == null) {
				return;
			}
			for (byte[] datagram : this.datagrams) {
				ctx.write(new DatagramPacket(Unpooled.wrappedBuffer(datagram), recipient), ctx.voidPromise());
			}
			ctx.flush();
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
