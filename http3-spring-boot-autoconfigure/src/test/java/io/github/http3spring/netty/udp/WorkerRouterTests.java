package io.github.http3spring.netty.udp;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

import io.github.http3spring.netty.routing.ConnectionIdLayout;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerRouter} and {@link WorkerRouting}.
 */
class WorkerRouterTests {

	private static final int SHORT_HEADER = 0x40;

	private static final int SIZE = 41;

	private static final int MAX_WAITING = 10;

	private final ConnectionIdLayout layout = ConnectionIdLayout.create(null);

	private final WorkerRouting routing = new WorkerRouting(this.layout, 2);

	private final EmbeddedChannel first = worker(0);

	private final EmbeddedChannel second = worker(1);

	private EmbeddedChannel worker(int index) {
		EmbeddedChannel socket = new EmbeddedChannel();
		WorkerRouter.applyTo(socket, this.routing, index, MAX_WAITING * SIZE);
		return socket;
	}

	@AfterEach
	void close() {
		this.first.finishAndReleaseAll();
		this.second.finishAndReleaseAll();
	}

	@Test
	void packetOfItsOwnWorkerGoesOnAtOnce() {
		DatagramPacket packet = packet(0);
		this.first.writeOneInbound(packet);
		assertThat(this.first.<Object>readInbound()).isSameAs(packet);
		packet.release();
	}

	@Test
	void packetOfAnotherWorkerIsProcessedOnThatEventLoop() {
		DatagramPacket packet = packet(1).retain();
		this.first.writeOneInbound(packet);
		assertThat(packet.refCnt()).isOne();
		assertThat(this.first.<Object>readInbound()).isNull();
		assertThat(this.second.<Object>readInbound()).isNull();
		this.second.runPendingTasks();
		assertReceived(this.second, packet);
	}

	@Test
	void packetOfAHandshakeFollowsAnIdOfOurs() {
		ByteBuf content = Unpooled.buffer(SIZE)
			.writeByte(0xe0)
			.writeInt(1)
			.writeByte(this.layout.length())
			.writeBytes(id(1));
		DatagramPacket packet = packet(content.writeZero(20)).retain();
		this.first.writeOneInbound(packet);
		this.second.runPendingTasks();
		assertReceived(this.second, packet);
	}

	@Test
	void idThatAClientHasChosenStaysWhereItArrived() {
		ByteBuf content = Unpooled.buffer(SIZE).writeByte(0xc0).writeInt(1).writeByte(8).writeBytes(id(1).limit(8));
		DatagramPacket packet = packet(content.writeZero(50));
		this.first.writeOneInbound(packet);
		assertThat(this.first.<Object>readInbound()).isSameAs(packet);
		packet.release();
	}

	@Test
	void idsOfAnEarlierRunOrOfNoWorkerStayWhereTheyArrived() {
		ConnectionIdLayout earlier = ConnectionIdLayout.create(null);
		ByteBuffer forgotten = earlier.create(1, new byte[earlier.randomLength()]);
		for (ByteBuffer id : new ByteBuffer[] { forgotten, id(2), ByteBuffer.allocate(3) }) {
			DatagramPacket packet = packet(Unpooled.buffer(SIZE).writeByte(SHORT_HEADER).writeBytes(id));
			this.first.writeOneInbound(packet);
			assertThat(this.first.<Object>readInbound()).isSameAs(packet);
			packet.release();
		}
	}

	@Test
	void whatIsMoreThanABusyWorkerCanHoldIsLost() {
		for (int count = 0; count <= MAX_WAITING; count++) {
			this.first.writeOneInbound(packet(1));
		}
		this.second.runPendingTasks();
		for (int count = 0; count < MAX_WAITING; count++) {
			assertReceived(this.second, packet(1));
		}
		assertThat(this.second.<Object>readInbound()).isNull();
		this.first.writeOneInbound(packet(1));
		this.second.runPendingTasks();
		assertReceived(this.second, packet(1));
	}

	@Test
	void packetForAWorkerThatHasEndedStaysWhereItArrived() {
		this.first.writeOneInbound(packet(1));
		this.second.pipeline().remove(WorkerRouter.class);
		this.second.runPendingTasks();
		assertThat(this.second.<Object>readInbound()).isNull();
		DatagramPacket packet = packet(1);
		this.first.writeOneInbound(packet);
		assertThat(this.first.<Object>readInbound()).isSameAs(packet);
		packet.release();
	}

	private static void assertReceived(EmbeddedChannel worker, DatagramPacket expected) {
		DatagramPacket packet = worker.readInbound();
		assertThat(packet.sender()).isEqualTo(expected.sender());
		assertThat(packet.recipient()).isEqualTo(expected.recipient());
		assertThat(packet.content()).isEqualTo(expected.content());
		packet.release();
	}

	private ByteBuffer id(int worker) {
		return this.layout.create(worker, new byte[this.layout.randomLength()]);
	}

	private DatagramPacket packet(int worker) {
		return packet(Unpooled.buffer(SIZE)
			.writeByte(SHORT_HEADER)
			.writeBytes(id(worker))
			.writeZero(SIZE - 1 - this.layout.length()));
	}

	private static DatagramPacket packet(ByteBuf content) {
		return new DatagramPacket(content, new InetSocketAddress(1), new InetSocketAddress(2));
	}

}
