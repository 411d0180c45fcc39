package io.github.http3spring.netty.udp;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import io.github.http3spring.netty.stack.QuicheAccess;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DatagramPacket;
import org.jspecify.annotations.Nullable;

/**
 * Lets connections take turns when more arrives than a worker can process, as a router
 * does that queues fairly (RFC 8290): a turn takes a datagram of each connection that has
 * any waiting, again and again. A connection that had none comes before those that always
 * have some; these have a turn after each such connection, or after several if those are
 * more. Otherwise everybody would wait behind those who send most, or who are most. Also
 * counts the turns, so that others can tell whether something happens in the same one.
 * <p>
 * What belongs to no connection waits in one queue: first packets of new ones, and
 * whatever anybody makes up, who would take most turns if each of his connection ids had
 * a queue of its own.
 * <p>
 * What is read while nothing waits goes on at once. About as much may wait as fits into
 * the receive buffer of the socket, and in one queue no more than its equal part of that,
 * but one datagram in any case: what is more is lost, as it would be in that buffer. If
 * there is no room for a part because others had more before, the longest queue loses its
 * oldest datagram (RFC 8290 section 4.1). Confined to the event loop of the socket.
 */
public final class SocketTurns extends ChannelInboundHandlerAdapter {

	/**
	 * Datagrams in a turn: so many that those of ordinary clients hardly ever wait, and
	 * their answers leave together.
	 */
	static final int MAX_PER_TURN = 32;

	/**
	 * Time after which a turn of datagrams that waited ends, however few they were: some
	 * take a hundred times as long as others, and the socket has to be read.
	 */
	static final Duration MAX_TURN = Duration.ofMillis(2);

	/**
	 * Datagrams of a turn if its end takes longest, where what they have brought about is
	 * done all at once. The end may take as long as the turn.
	 */
	static final int MIN_PER_TURN = 4;

	/**
	 * Datagrams of strangers that are processed where a connection has one: they are of
	 * many clients, and cost little.
	 */
	static final int STRANGERS_AT_ONCE = 8;

	/**
	 * Datagrams of a connection that are processed if it had nothing waiting: those who
	 * send little send an acknowledgement, and their next request behind it.
	 */
	static final int NEWCOMERS_AT_ONCE = 4;

	/**
	 * Bytes of the receive buffer for each datagram that may wait: Linux charges 768 for
	 * a small one, and 2304 for one of usual size.
	 */
	private static final int BUFFER_PER_DATAGRAM = 1024;

	private final int maxWaiting;

	private final int idLength;

	private final BiFunction<ChannelPipeline, ByteBuffer, ? extends @Nullable Object> finder;

	private final LongSupplier nanoTime;

	private final Waiting strangers = new Waiting(null);

	/**
	 * Those that have something waiting.
	 */
	private final Map<Object, Waiting> connections = new HashMap<>();

	/**
	 * Those that had nothing waiting before, the one first whose turn it is.
	 */
	private final Queue<Waiting> newcomers = new ArrayDeque<>();

	/**
	 * Those of which something was processed while more of them waited, the one first
	 * whose turn it is.
	 */
	private final Queue<Waiting> round = new ArrayDeque<>();

	/**
	 * The connection id of the datagram that was read last.
	 */
	private final ByteBuffer id = PacketHeader.newIdBuffer();

	private int waiting;

	/**
	 * No queue is longer than this.
	 */
	private int longest;

	/**
	 * Datagrams of the next turn of those that waited.
	 */
	private int perTurn = MAX_PER_TURN;

	/**
	 * How many newcomers come before the next one of the round.
	 */
	private int due;

	private int begun;

	private int count;

	/**
	 * Create the handler of a socket.
	 * @param idLength the length of our connection ids
	 * @param receiveBuffer bytes of its receive buffer
	 */
	public SocketTurns(int idLength, int receiveBuffer) {
		this(idLength, receiveBuffer, QuicheAccess::find, System::nanoTime);
	}

	SocketTurns(int idLength, int receiveBuffer,
			BiFunction<ChannelPipeline, ByteBuffer, ? extends @Nullable Object> finder, LongSupplier nanoTime) {
		this.idLength = idLength;
		this.maxWaiting = receiveBuffer / BUFFER_PER_DATAGRAM;
		this.finder = finder;
		this.nanoTime = nanoTime;
	}

	/**
	 * Return the number of the present turn.
	 */
	public int current() {
		return this.count;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		if (!(msg instanceof DatagramPacket packet) || (this.waiting == 0 && this.begun < MAX_PER_TURN)) {
			this.begun++;
			ctx.fireChannelRead(msg);
			return;
		}
		if (this.waiting == 0) {
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
			if (queue.packets.isEmpty()) {
				this.newcomers.add(queue);
			}
			int queues = this.newcomers.size() + this.round.size();
			if ((long) queue.packets.size() * queues >= this.maxWaiting) {
				return;
			}
			// Of queues with one datagram there are no more than connections
			if (this.waiting >= this.maxWaiting && this.waiting > queues) {
				if (queue.packets.size() + 1 >= this.longest) {
					return;
				}
				shortenLongest();
			}
			queue.packets.add(packet.copy());
			this.waiting++;
			this.longest = Math.max(this.longest, queue.packets.size());
		}
		finally {
			packet.release();
		}
	}

	private void shortenLongest() {
		Waiting longest = longest(this.round, longest(this.newcomers, null));
		if (longest != null) {
			this.longest = longest.packets.size();
			longest.packets.remove().release();
			this.waiting--;
		}
	}

	private static @Nullable Waiting longest(Iterable<Waiting> queues, @Nullable Waiting candidate) {
		Waiting longest = candidate;
		for (Waiting queue : queues) {
			if (longest == null || queue.packets.size() > longest.packets.size()) {
				longest = queue;
			}
		}
		return longest;
	}

	private Waiting queue(ChannelHandlerContext ctx, DatagramPacket packet) {
		Object connection = PacketHeader.copyDestinationId(packet.content(), this.idLength, this.id)
				? this.finder.apply(ctx.pipeline(), this.id) : null;
		return (connection != null) ? this.connections.computeIfAbsent(connection, Waiting::new) : this.strangers;
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
		if (this.waiting == 0) {
			return;
		}
		long start = this.nanoTime.getAsLong();
		while (this.waiting > 0 && this.begun < this.perTurn
				&& this.nanoTime.getAsLong() - start < MAX_TURN.toNanos()) {
			takeNext(ctx);
		}
		endTurn(ctx);
		boolean tooLong = this.nanoTime.getAsLong() - start > 2 * MAX_TURN.toNanos();
		this.perTurn = tooLong ? Math.max(MIN_PER_TURN, this.perTurn / 2) : Math.min(MAX_PER_TURN, 2 * this.perTurn);
		if (this.waiting > 0) {
			scheduleTurn(ctx);
		}
	}

	private void takeNext(ChannelHandlerContext ctx) {
		boolean newcomer = isNewcomerDue();
		Waiting queue = (newcomer ? this.newcomers : this.round).remove();
		int atOnce = (queue == this.strangers) ? STRANGERS_AT_ONCE : (newcomer ? NEWCOMERS_AT_ONCE : 1);
		for (int taken = 0; taken < atOnce && !queue.packets.isEmpty(); taken++) {
			this.begun++;
			this.waiting--;
			ctx.fireChannelRead(queue.packets.remove());
		}
		if (!queue.packets.isEmpty()) {
			this.round.add(queue);
		}
		else if (queue.connection != null) {
			this.connections.remove(queue.connection);
		}
	}

	/**
	 * Nobody of the round gets more than a newcomer does, and newcomers no more than the
	 * round as long as they are fewer.
	 */
	private boolean isNewcomerDue() {
		if (this.due > 0 && !this.newcomers.isEmpty()) {
			this.due--;
			return true;
		}
		this.due = Math.max(1, this.newcomers.size() / Math.max(1, this.round.size()));
		return this.round.isEmpty();
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext ctx) {
		Stream.concat(this.newcomers.stream(), this.round.stream())
			.forEach((queue) -> queue.packets.forEach(DatagramPacket::release));
		this.newcomers.clear();
		this.round.clear();
		this.connections.clear();
		this.waiting = 0;
	}

	/**
	 * What waits for one connection, or for none.
	 */
	private static final class Waiting {

		private final @Nullable Object connection;

		private final Queue<DatagramPacket> packets = new ArrayDeque<>();

		Waiting(@Nullable Object connection) {
			this.connection = connection;
		}

	}

}
