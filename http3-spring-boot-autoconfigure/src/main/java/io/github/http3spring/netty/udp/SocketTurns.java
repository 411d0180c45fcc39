package io.github.http3spring.netty.udp;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

import io.github.http3spring.netty.stack.QuicheAccess;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DatagramPacket;
import org.jspecify.annotations.Nullable;

/**
 * Lets connections take turns when more arrives than a worker can process, as a router
 * does that queues fairly (RFC 8290): a turn takes a datagram of each connection that has
 * any waiting, again and again. Otherwise everybody would wait behind those who send
 * most, in a receive buffer that is full of theirs. Also counts the turns, so that others
 * can tell whether something happens in the same one.
 * <p>
 * What belongs to no connection waits in one queue: first packets of new ones, and
 * whatever anybody makes up, who would take most turns if each of his connection ids had
 * a queue of its own.
 * <p>
 * What is read while nothing waits goes on at once. About as much may wait as fits into
 * the receive buffer of the socket, and in one queue no more than {@value #SHARE} times
 * what is still free (Choudhury and Hahne, Dynamic Queue Length Thresholds, 1998): what
 * is more is lost, as it would be in that buffer. Confined to the event loop of the
 * socket.
 */
public final class SocketTurns extends ChannelInboundHandlerAdapter {

	/**
	 * Datagrams in a turn. Few enough to take no more than some milliseconds, and so many
	 * that those of ordinary clients hardly ever wait, and their answers leave together.
	 */
	static final int MAX_PER_TURN = 32;

	/**
	 * Datagrams of strangers that are processed where a connection has one: they are of
	 * many clients, and cost little.
	 */
	static final int STRANGERS_AT_ONCE = 8;

	/**
	 * Bytes of the receive buffer for each datagram that may wait: Linux charges 768 for
	 * a small one, and 2304 for one of usual size.
	 */
	private static final int BUFFER_PER_DATAGRAM = 1024;

	static final int SHARE = 4;

	private final int maxWaiting;

	private final int idLength;

	private final BiFunction<ChannelPipeline, ByteBuffer, ? extends @Nullable Object> finder;

	private final Waiting strangers = new Waiting(null, STRANGERS_AT_ONCE);

	/**
	 * Those that have something waiting.
	 */
	private final Map<Object, Waiting> connections = new HashMap<>();

	/**
	 * All that have something waiting, the one first whose turn it is.
	 */
	private final Queue<Waiting> order = new ArrayDeque<>();

	/**
	 * The connection id of the datagram that was read last.
	 */
	private final ByteBuffer id = PacketHeader.newIdBuffer();

	private int waiting;

	private int begun;

	private int count;

	/**
	 * Create the handler of a socket.
	 * @param idLength the length of our connection ids
	 * @param receiveBuffer bytes of its receive buffer
	 */
	public SocketTurns(int idLength, int receiveBuffer) {
		this(idLength, receiveBuffer, QuicheAccess::find);
	}

	SocketTurns(int idLength, int receiveBuffer,
			BiFunction<ChannelPipeline, ByteBuffer, ? extends @Nullable Object> finder) {
		this.idLength = idLength;
		this.maxWaiting = receiveBuffer / BUFFER_PER_DATAGRAM;
		this.finder = finder;
	}

	/**
	 * Return the number of the present turn.
	 */
	public int current() {
		return this.count;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		if (!(msg instanceof DatagramPacket packet) || (this.order.isEmpty() && this.begun < MAX_PER_TURN)) {
			this.begun++;
			ctx.fireChannelRead(msg);
			return;
		}
		if (this.order.isEmpty()) {
			scheduleTurn(ctx);
		}
		await(ctx, packet);
	}

	/**
	 * Keep a datagram if there is room for it. A copy of it waits: the original keeps the
	 * buffer of all that were read together.
	 */
	private void await(ChannelHandlerContext ctx, DatagramPacket packet) {
		try {
			Waiting queue = queue(ctx, packet);
			if (queue.packets.size() >= SHARE * (this.maxWaiting - this.waiting)) {
				return;
			}
			if (queue.packets.isEmpty()) {
				begin(queue);
			}
			queue.packets.add(packet.copy());
			this.waiting++;
		}
		finally {
			packet.release();
		}
	}

	private Waiting queue(ChannelHandlerContext ctx, DatagramPacket packet) {
		Object connection = PacketHeader.copyDestinationId(packet.content(), this.idLength, this.id)
				? this.finder.apply(ctx.pipeline(), this.id) : null;
		if (connection == null) {
			return this.strangers;
		}
		Waiting queue = this.connections.get(connection);
		return (queue != null) ? queue : new Waiting(connection, 1);
	}

	private void begin(Waiting queue) {
		this.order.add(queue);
		if (queue.connection != null) {
			this.connections.put(queue.connection, queue);
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		if (this.begun > 0) {
			endTurn(ctx);
		}
	}

	private void endTurn(ChannelHandlerContext ctx) {
		ctx.fireChannelReadComplete();
		this.begun = 0;
		this.count++;
	}

	/**
	 * A scheduled task, even without a delay, comes after the next look at the socket,
	 * unlike one that is executed.
	 */
	private void scheduleTurn(ChannelHandlerContext ctx) {
		ctx.executor().schedule(() -> takeTurn(ctx), 0, TimeUnit.NANOSECONDS);
	}

	private void takeTurn(ChannelHandlerContext ctx) {
		if (this.order.isEmpty()) {
			return;
		}
		while (this.begun < MAX_PER_TURN && !this.order.isEmpty()) {
			this.begun++;
			ctx.fireChannelRead(poll());
		}
		endTurn(ctx);
		if (!this.order.isEmpty()) {
			scheduleTurn(ctx);
		}
	}

	private DatagramPacket poll() {
		Waiting queue = this.order.element();
		DatagramPacket packet = queue.packets.remove();
		this.waiting--;
		queue.taken++;
		if (queue.packets.isEmpty()) {
			this.order.remove();
			queue.taken = 0;
			this.connections.remove(queue.connection);
		}
		else if (queue.taken == queue.atOnce) {
			this.order.add(this.order.remove());
			queue.taken = 0;
		}
		return packet;
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext ctx) {
		while (!this.order.isEmpty()) {
			poll().release();
		}
	}

	/**
	 * What waits for one connection, or for none.
	 */
	private static final class Waiting {

		private final @Nullable Object connection;

		private final int atOnce;

		private final Queue<DatagramPacket> packets = new ArrayDeque<>();

		private int taken;

		Waiting(@Nullable Object connection, int atOnce) {
			this.connection = connection;
			this.atOnce = atOnce;
		}

	}

}
