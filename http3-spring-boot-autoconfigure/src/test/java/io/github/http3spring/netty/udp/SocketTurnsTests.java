package io.github.http3spring.netty.udp;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SocketTurns}.
 */
class SocketTurnsTests {

	private static final int ROOM = 100;

	private static final int PER_TURN = SocketTurns.MAX_PER_TURN;

	private static final int AT_ONCE = SocketTurns.NEWCOMERS_AT_ONCE;

	private final SocketTurns turns = new SocketTurns(Integer.BYTES, ROOM * 1024,
			(pipeline, id) -> (id.getInt(0) >= 0) ? id.getInt(0) : null, () -> this.now);

	private final List<DatagramPacket> all = new ArrayList<>();

	private final List<Integer> connections = new ArrayList<>();

	private final List<Integer> numbers = new ArrayList<>();

	private final List<Integer> turnsOfPackets = new ArrayList<>();

	private long now;

	private long nanosOfPacket;

	private Runnable betweenTurns = () -> {
	};

	private final EmbeddedChannel channel = new EmbeddedChannel(this.turns, new ChannelInboundHandlerAdapter() {

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object msg) {
			DatagramPacket packet = (DatagramPacket) msg;
			SocketTurnsTests.this.connections.add(packet.content().skipBytes(1).readInt());
			SocketTurnsTests.this.numbers.add(packet.content().readInt());
			SocketTurnsTests.this.turnsOfPackets.add(SocketTurnsTests.this.turns.current());
			SocketTurnsTests.this.now += SocketTurnsTests.this.nanosOfPacket;
			packet.release();
		}

		@Override
		public void channelReadComplete(ChannelHandlerContext ctx) {
			SocketTurnsTests.this.betweenTurns.run();
		}

	});

	@AfterEach
	void close() {
		this.channel.close();
		assertThat(this.all).allMatch((packet) -> packet.refCnt() == 0);
	}

	@Test
	void whatIsReadWhileNothingWaitsGoesOnAtOnce() {
		read(1, PER_TURN);
		assertThat(this.numbers).hasSize(PER_TURN);
		complete();
		read(2, 1);
		assertThat(this.connections).last().isEqualTo(2);
		complete();
		assertThat(this.turnsOfPackets).first().isEqualTo(0);
		assertThat(this.turnsOfPackets).last().isEqualTo(1);
	}

	@Test
	void connectionsTakeTurns() {
		read(1, 40);
		read(2, 2);
		read(3, 1);
		complete();
		runAll();
		assertThat(this.connections.subList(0, PER_TURN)).containsOnly(1);
		List<Integer> after = this.connections.subList(PER_TURN, this.connections.size());
		assertThat(after).containsExactly(1, 1, 1, 1, 2, 2, 3, 1, 1, 1, 1);
	}

	@Test
	void connectionThatHadNothingWaitingComesBeforeThoseThatAlwaysHaveSomething() {
		read(0, PER_TURN);
		for (int connection = 1; connection <= PER_TURN / AT_ONCE; connection++) {
			read(connection, AT_ONCE + 2);
		}
		betweenTurns(1, 1, () -> read(1000, AT_ONCE + 1));
		complete();
		runAll();
		List<Integer> after = this.connections.subList(2 * PER_TURN, this.connections.size());
		assertThat(after).startsWith(1000, 1000, 1000, 1000, 1, 2);
		// Once more after all others
		assertThat(after.lastIndexOf(1000)).isEqualTo(PER_TURN / AT_ONCE + AT_ONCE);
	}

	@Test
	void connectionsThatAlwaysHaveSomethingWaitingTakeTurnsWithTheFewThatHadNothing() {
		read(0, PER_TURN);
		read(1, 2 * AT_ONCE);
		read(2, 2 * AT_ONCE);
		betweenTurns(2, 16, () -> read(1000 + this.turns.current(), 1));
		this.nanosOfPacket = SocketTurns.MAX_TURN.toNanos();
		complete();
		runAll();
		List<Integer> after = this.connections.subList(PER_TURN + 2 * AT_ONCE, PER_TURN + 2 * AT_ONCE + 8);
		assertThat(after.stream().filter((id) -> id >= 1000).count()).isBetween(3L, 5L);
		assertThat(after).containsSubsequence(1, 2);
	}

	@Test
	void connectionThatAlwaysHasSomethingWaitingGetsNoMoreThanEachOfManyThatHadNothing() {
		read(0, PER_TURN);
		read(1, 8);
		betweenTurns(1, 1, () -> {
			for (int connection = 2; connection <= 40; connection++) {
				read(connection, 1);
			}
		});
		this.nanosOfPacket = SocketTurns.MAX_TURN.toNanos() / 4;
		complete();
		runAll();
		List<Integer> after = this.connections.subList(PER_TURN + 4, PER_TURN + 44);
		assertThat(after.stream().filter((id) -> id == 1)).hasSize(1);
		assertThat(this.connections).endsWith(1, 1, 1);
	}

	@Test
	void turnEndsWhenItsTimeIsOver() {
		read(1, 2 * PER_TURN);
		betweenTurns(0, 0, () -> this.nanosOfPacket = SocketTurns.MAX_TURN.toNanos() / 2);
		complete();
		runAll();
		List<Integer> after = this.turnsOfPackets.subList(PER_TURN, 2 * PER_TURN);
		assertThat(after).startsWith(1, 1, 1, 1, 2, 2, 3, 3);
	}

	@Test
	void turnsHaveFewerDatagramsAsLongAsTheirEndTakesTooLong() {
		read(1, 4 * PER_TURN);
		betweenTurns(1, 4, () -> this.now += 2 * SocketTurns.MAX_TURN.toNanos() + 1);
		complete();
		runAll();
		Map<Integer, Long> perTurn = this.turnsOfPackets.stream()
			.collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
		int least = SocketTurns.MIN_PER_TURN;
		assertThat(perTurn.values()).startsWith(32L, 32L, 16L, 8L, (long) least, (long) least, 2L * least);
	}

	@Test
	void datagramOfAQueueThatIsNoShorterThanOthersIsLostIfThereIsNoRoom() {
		read(0, PER_TURN);
		for (int connection = 1; connection <= ROOM - 3; connection++) {
			read(connection, 1);
		}
		read(1, 1);
		read(2, 1);
		read(3, 1);
		// There is no room. Nobody has so much that another one may have two
		read(4, 1);
		// But one
		read(ROOM, 1);
		complete();
		runAll();
		assertThat(count(4)).isOne();
		assertThat(count(ROOM)).isOne();
		assertThat(count(1) + count(2) + count(3)).isEqualTo(5);
	}

	private long count(int connection) {
		return this.connections.stream().filter((id) -> id == connection).count();
	}

	@Test
	void datagramsOfAConnectionKeepTheirOrderAlthoughItsAddressChanges() {
		read(1, PER_TURN + 10);
		complete();
		read(1, 20);
		complete();
		runAll();
		assertThat(this.numbers).hasSize(PER_TURN + 30).isSorted();
	}

	@Test
	void strangersHaveOneQueueHoweverManyConnectionIdsTheyMakeUp() {
		read(1, PER_TURN);
		for (int stranger = 1; stranger <= 30; stranger++) {
			read(-stranger, 1);
		}
		read(2, AT_ONCE + 1);
		complete();
		runAll();
		List<Integer> after = this.connections.subList(PER_TURN, this.connections.size());
		int strangers = SocketTurns.STRANGERS_AT_ONCE;
		assertThat(after.subList(0, strangers)).allMatch((id) -> id < 0);
		assertThat(after.subList(strangers, strangers + AT_ONCE)).containsOnly(2);
		assertThat(after.get(2 * strangers + AT_ONCE)).isEqualTo(2);
		assertThat(after).hasSize(30 + AT_ONCE + 1);
	}

	@Test
	void eachTurnIsOne() {
		read(1, 3 * PER_TURN);
		complete();
		runAll();
		for (int packet = 0; packet < 3 * PER_TURN; packet++) {
			assertThat(this.turnsOfPackets.get(packet)).isEqualTo(packet / PER_TURN);
		}
	}

	@Test
	void connectionThatSendsMostLosesAndOthersDoNot() {
		read(1, 10 * ROOM);
		read(2, 10);
		complete();
		runAll();
		assertThat(this.connections.stream().filter((id) -> id == 2)).hasSize(10);
		assertThat(this.connections.stream().filter((id) -> id == 1)).hasSize(PER_TURN + ROOM - 10);
	}

	@Test
	void noConnectionHasMoreWaitingThanItsEqualPart() {
		read(0, PER_TURN);
		for (int round = 0; round < ROOM; round++) {
			for (int connection = 1; connection <= 10; connection++) {
				read(connection, 1);
			}
		}
		complete();
		runAll();
		for (int connection = 1; connection <= 10; connection++) {
			int id = connection;
			assertThat(this.connections.stream().filter((other) -> other == id)).hasSize(ROOM / 10);
		}
	}

	@Test
	void oneDatagramOfEachConnectionWaitsAndNoMoreThanThereIsRoomFor() {
		read(0, PER_TURN);
		for (int connection = 1; connection <= 10 * ROOM; connection++) {
			read(connection, 2);
		}
		complete();
		runAll();
		List<Integer> after = this.connections.subList(PER_TURN, this.connections.size());
		assertThat(after).hasSizeBetween(10 * ROOM, 11 * ROOM).contains(10 * ROOM);
	}

	@Test
	void nothingIsKeptOfConnectionsThatNothingWaitsFor() {
		connectionThatSendsMostLosesAndOthersDoNot();
		int before = this.connections.size();
		read(1, 1);
		assertThat(this.connections).hasSize(before + 1);
		complete();
	}

	@Test
	void whatWaitsIsReleasedWithTheSocket() {
		read(1, PER_TURN + 10);
		complete();
		this.channel.pipeline().remove(this.turns);
		runAll();
		assertThat(this.numbers).hasSizeBetween(PER_TURN, 2 * PER_TURN);
	}

	/**
	 * Each datagram comes from another address.
	 */
	private void read(int connection, int count) {
		for (int number = 0; number < count; number++) {
			// A short header is one byte in front of the connection id
			ByteBuf content = Unpooled.buffer().writeByte(0x40).writeInt(connection).writeInt(this.all.size());
			DatagramPacket packet = new DatagramPacket(content, new InetSocketAddress("192.0.2.1", 443),
					new InetSocketAddress("192.0.2.2", 1024 + this.all.size()));
			this.all.add(packet);
			this.channel.pipeline().fireChannelRead(packet);
		}
	}

	private void betweenTurns(int first, int last, Runnable action) {
		this.betweenTurns = () -> {
			if (this.turns.current() >= first && this.turns.current() <= last) {
				action.run();
			}
		};
	}

	private void complete() {
		this.channel.pipeline().fireChannelReadComplete();
	}

	private void runAll() {
		while (this.channel.runScheduledPendingTasks() >= 0) {
			// Each turn schedules the next
		}
	}

}
