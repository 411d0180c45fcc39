package io.github.http3spring.netty.udp;

import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Locale;

import com.sun.management.ThreadMXBean;
import io.github.http3spring.netty.routing.ConnectionIdLayout;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@link WorkerRouter} costs for each datagram, in CPU time and in bytes that are
 * allocated: one that has arrived at its own worker, and one that is handed on. Run with
 * {@code -Drouter.cost}.
 */
@EnabledIfSystemProperty(named = "router.cost", matches = ".*")
class WorkerRouterCostIT {

	private static final Log logger = LogFactory.getLog(WorkerRouterCostIT.class);

	private static final int SIZE = 1200;

	private static final int ROUNDS = 9;

	private static final int PER_ROUND = 640_000;

	private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final ConnectionIdLayout layout = ConnectionIdLayout.create(null);

	private final WorkerRouting routing = new WorkerRouting(this.layout, 2);

	private final EmbeddedChannel unrouted = new EmbeddedChannel(new Counter());

	private final EmbeddedChannel first = new EmbeddedChannel(new Counter());

	private final EmbeddedChannel second = new EmbeddedChannel(new Counter());

	private final DatagramPacket own = packet(0);

	private final DatagramPacket other = packet(1);

	private long seen;

	@AfterEach
	void close() {
		this.own.release();
		this.other.release();
		this.unrouted.finishAndReleaseAll();
		this.first.finishAndReleaseAll();
		this.second.finishAndReleaseAll();
	}

	@Test
	void costOfEachDatagram() {
		WorkerRouter.applyTo(this.first, this.routing, 0, Integer.MAX_VALUE);
		WorkerRouter.applyTo(this.second, this.routing, 1, Integer.MAX_VALUE);
		measure("without a router", this.unrouted, this.own);
		measure("at its own worker", this.first, this.own);
		measure("handed on, both workers together", this.first, this.other);
		assertThat(this.seen).isEqualTo(3L * (ROUNDS + 3) * PER_ROUND);
	}

	private void measure(String what, EmbeddedChannel socket, DatagramPacket packet) {
		for (int warmUp = 0; warmUp < 3; warmUp++) {
			receive(socket, packet);
		}
		double[] nanos = new double[ROUNDS];
		long allocated = THREAD.getCurrentThreadAllocatedBytes();
		for (int round = 0; round < ROUNDS; round++) {
			long start = THREAD.getCurrentThreadCpuTime();
			receive(socket, packet);
			nanos[round] = (THREAD.getCurrentThreadCpuTime() - start) / (double) PER_ROUND;
		}
		allocated = THREAD.getCurrentThreadAllocatedBytes() - allocated;
		Arrays.sort(nanos);
		logger.info(String.format(Locale.ROOT, "Datagram %s: %.1f ns (%.1f to %.1f), %.1f bytes allocated", what,
				nanos[ROUNDS / 2], nanos[0], nanos[ROUNDS - 1], allocated / (double) ROUNDS / PER_ROUND));
	}

	private void receive(EmbeddedChannel socket, DatagramPacket packet) {
		for (int number = 0; number < PER_ROUND; number++) {
			socket.pipeline().fireChannelRead(packet.retain());
			if (number % WorkerRouter.BATCH == WorkerRouter.BATCH - 1) {
				this.second.runPendingTasks();
			}
		}
	}

	private DatagramPacket packet(int worker) {
		byte[] random = new byte[this.layout.randomLength()];
		random[0] = (byte) worker;
		ByteBuf content = PooledByteBufAllocator.DEFAULT.directBuffer(SIZE)
			.writeByte(0x40)
			.writeBytes(this.layout.create(worker, random));
		return new DatagramPacket(content.writeZero(SIZE - content.readableBytes()), new InetSocketAddress(1),
				new InetSocketAddress(2));
	}

	/**
	 * What comes behind the router, which costs as much without it.
	 */
	private final class Counter extends ChannelInboundHandlerAdapter {

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object msg) {
			WorkerRouterCostIT.this.seen++;
			((DatagramPacket) msg).release();
		}

	}

}
