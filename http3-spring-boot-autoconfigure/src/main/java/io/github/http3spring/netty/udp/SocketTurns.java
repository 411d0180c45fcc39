package io.github.http3spring.netty.udp;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;

/**
 * Lets connections take turns when more arrives than a worker can process, as a router
 * does that queues fairly (RFC 8290): a turn takes a datagram of each connection that has
 * any waiting, again and again. Otherwise everybody would wait behind those who send
 * most, in a receive buffer that is full of theirs. Also counts the turns, so that others
 * can tell whether something happens in the same one.
 * <p>
 * What is read while nothing waits goes on at once. About as much may wait as fits into
 * the receive buffer of the socket, and for one connection no more than {@value #SHARE}
 * times what is still free (Choudhury and Hahne, Dynamic Queue Length Thresholds, 1998):
 * what is more is lost, as it would be in that buffer. Confined to the event loop of the
 * socket.
 */
public final class SocketTurns extends ChannelInboundHandlerAdapter {

	/**
	 * Datagrams in a turn. Few enough to take no more than some milliseconds, and so many
	 * that those of ordinary clients hardly ever wait, and their answers leave together.
	 */
	static final int MAX_PER_TURN = 32;

	/**
	 * Bytes of the receive buffer for each datagram that may wait: Linux charges 768 for
	 * a small one, and 2304 for one of usual size.
	 */
	private static final int BUFFER_PER_DATAGRAM = 1024;

	static final int SHARE = 4;

	private final int maxWaiting;

	private final int idLength;

	/**
	 * By the ids that the datagrams are for: addresses change, and packets would overtake
	 * each other.
	 */
	private final Map<ByteBuffer, Connection> connections = new HashMap<>();

	/**
	 * The connection id of the datagram that was read last.
	 */
	private final ByteBuffer id = PacketHeader.newIdBuffer();

	/**
	 * Those that have something waiting, the one first whose turn it is.
	 */
	private final Queue<Connection> order = new ArrayDeque<>();

	private int waiting;

	private int begun;

	private int count;

	/**
	 * Create the handler of a socket.
	 * @param idLength the length of our connection ids
	 * @param receiveBuffer bytes of its receive buffer
	 */
	public SocketTurns(int idLength, int receiveBuffer) {
		this.idLength = idLength;
		this.maxWaiting = receiveBuffer / BUFFER_PER_DATAGRAM;
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
		if (!PacketHeader.copyDestinationId(packet.content(), this.idLength, this.id) || !await(packet)) {
			packet.release();
		}
	}

	/**
	 * Keep a datagram.
	 * @return {@code false} if there is no room for it
	 */
	private boolean await(DatagramPacket packet) {
		Connection connection = this.connections.get(this.id);
		int held = (connection != null) ? connection.packets.size() : 0;
		if (held >= SHARE * (this.maxWaiting - this.waiting)) {
			return false;
		}
		if (connection == null) {
			connection = new Connection(ByteBuffer.allocate(this.id.remaining()).put(this.id).flip());
			this.connections.put(connection.id, connection);
			this.order.add(connection);
		}
		connection.packets.add(packet);
		this.waiting++;
		return true;
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
		Connection connection = this.order.remove();
		DatagramPacket packet = connection.packets.remove();
		this.waiting--;
		if (connection.packets.isEmpty()) {
			this.connections.remove(connection.id);
		}
		else {
			this.order.add(connection);
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
	 * What waits for one connection.
	 */
	private static final class Connection {

		private final ByteBuffer id;

		private final Queue<DatagramPacket> packets = new ArrayDeque<>();

		Connection(ByteBuffer id) {
			this.id = id;
		}

	}

}
