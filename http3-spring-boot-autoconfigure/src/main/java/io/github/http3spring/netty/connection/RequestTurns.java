package io.github.http3spring.netty.connection;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

import io.github.http3spring.netty.stack.PacketGathering;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicStreamChannel;

/**
 * Lets a connection begin only so many requests in a turn of the event loop, so that
 * those of others come in between: one read from the socket can bring hundreds of
 * requests of a client that keeps all its streams busy, and the answers to everybody
 * would leave after all of them. Confined to the event loop of the connection.
 */
final class RequestTurns {

	/**
	 * Requests that begin in a turn. Few enough to take less than a millisecond, and many
	 * enough that their responses leave in as few packets as before.
	 */
	static final int MAX_PER_TURN = 8;

	private final QuicChannel channel;

	private final IntSupplier currentTurn;

	private final PutOffWork putOff;

	private final Consumer<QuicStreamChannel> begin;

	/**
	 * With room for one, because few connections ever need more.
	 */
	private final Queue<QuicStreamChannel> waiting = new ArrayDeque<>(1);

	private int turn;

	private int begun;

	/**
	 * Begin with a connection.
	 * @param channel the connection
	 * @param currentTurn tells one turn of the event loop from the next
	 * @param putOff lets all connections have later turns
	 * @param begin begins a request
	 */
	RequestTurns(QuicChannel channel, IntSupplier currentTurn, PutOffWork putOff, Consumer<QuicStreamChannel> begin) {
		this.channel = channel;
		this.currentTurn = currentTurn;
		this.putOff = putOff;
		this.begin = begin;
	}

	/**
	 * Begin a request, now or in a later turn.
	 */
	void open(QuicStreamChannel stream) {
		int now = this.currentTurn.getAsInt();
		if (now != this.turn) {
			this.turn = now;
			this.begun = 0;
		}
		if (this.begun < MAX_PER_TURN && this.waiting.isEmpty()) {
			this.begun++;
			this.begin.accept(stream);
			return;
		}
		if (this.waiting.isEmpty()) {
			scheduleTurn();
		}
		this.waiting.add(stream);
	}

	private void scheduleTurn() {
		this.putOff.add(this::takeTurn, this.channel.eventLoop());
	}

	private void takeTurn() {
		try {
			PacketGathering.run(this.channel, this::beginSome);
		}
		finally {
			if (!this.waiting.isEmpty()) {
				scheduleTurn();
			}
		}
	}

	private void beginSome() {
		for (int count = 0; count < MAX_PER_TURN && !this.waiting.isEmpty(); count++) {
			QuicStreamChannel stream = this.waiting.remove();
			// The codec closes all streams with their connection
			if (stream.isOpen()) {
				this.begin.accept(stream);
			}
		}
	}

}
