package io.github.http3spring.netty.udp;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DatagramPacket;
import org.jspecify.annotations.Nullable;

/**
 * Hands packets that have arrived at the socket of the wrong worker, because their
 * client's address has changed, to the right one. Stands before all that looks at
 * packets, so that a worker processes its own as if they had come to its own socket.
 * <p>
 * What waits for a worker is bounded as the receive buffer of its socket is; what is more
 * than that is lost, as it would be there. So a worker that is blocked holds up nobody
 * else. Costs other packets a few comparisons, and is not there with a single worker.
 * <p>
 * Netty's {@code QuicCodecDispatcher} does not do: it processes a packet on the event
 * loop that it has arrived on.
 */
public final class WorkerRouter extends ChannelInboundHandlerAdapter {

	/**
	 * Packets after which a worker looks at its own socket again.
	 */
	static final int BATCH = 64;

	private final WorkerRouting routing;

	private final int index;

	private final int maxWaitingBytes;

	private final Queue<DatagramPacket> waiting = new ConcurrentLinkedQueue<>();

	private final AtomicInteger waitingBytes = new AtomicInteger();

	private final AtomicBoolean called = new AtomicBoolean();

	private volatile @Nullable ChannelHandlerContext context;

	private WorkerRouter(WorkerRouting routing, int index, int maxWaitingBytes) {
		this.routing = routing;
		this.index = index;
		this.maxWaitingBytes = maxWaitingBytes;
	}

	/**
	 * Let a worker hand packets on, and take those that are handed to it. Called on its
	 * event loop.
	 * @param channel the socket of the worker
	 * @param routing knows the other workers
	 * @param index the index of the worker
	 * @param maxWaitingBytes most bytes that may wait for it
	 */
	public static void applyTo(Channel channel, WorkerRouting routing, int index, int maxWaitingBytes) {
		WorkerRouter router = new WorkerRouter(routing, index, maxWaitingBytes);
		ChannelPipeline pipeline = channel.pipeline();
		ChannelHandlerContext first = pipeline.context(AskedAddresses.class);
		if (first != null) {
			pipeline.addAfter(first.name(), null, router);
		}
		else {
			pipeline.addFirst(router);
		}
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		this.context = ctx;
		this.routing.set(this.index, this);
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext ctx) {
		this.routing.set(this.index, null);
		this.context = null;
		releaseAll();
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		if (msg instanceof DatagramPacket packet) {
			WorkerRouter worker = this.routing.find(packet.content());
			if (worker != null && worker != this) {
				worker.take(packet);
				return;
			}
		}
		ctx.fireChannelRead(msg);
	}

	/**
	 * Take a packet, on the event loop of another worker. A copy of it waits: the
	 * original may keep the buffer of all packets that were read together.
	 */
	void take(DatagramPacket packet) {
		try {
			int size = packet.content().readableBytes();
			if (this.waitingBytes.addAndGet(size) > this.maxWaitingBytes) {
				this.waitingBytes.addAndGet(-size);
				return;
			}
			this.waiting.add(packet.copy());
		}
		finally {
			packet.release();
		}
		call();
	}

	private void call() {
		ChannelHandlerContext ctx = this.context;
		if (ctx == null) {
			releaseAll();
		}
		else if (this.called.compareAndSet(false, true)) {
			try {
				ctx.executor().execute(() -> process(ctx));
			}
			catch (RejectedExecutionException ex) {
				// The event loop has ended
				releaseAll();
			}
		}
	}

	private void process(ChannelHandlerContext ctx) {
		if (ctx.isRemoved()) {
			releaseAll();
			return;
		}
		AskedAddresses askedAddresses = ctx.pipeline().get(AskedAddresses.class);
		for (int count = 0; count < BATCH; count++) {
			DatagramPacket packet = poll();
			if (packet == null) {
				break;
			}
			if (askedAddresses != null) {
				askedAddresses.handedOn(packet);
			}
			ctx.fireChannelRead(packet);
		}
		ctx.fireChannelReadComplete();
		this.called.set(false);
		if (!this.waiting.isEmpty()) {
			call();
		}
	}

	private @Nullable DatagramPacket poll() {
		DatagramPacket packet = this.waiting.poll();
		if (packet != null) {
			this.waitingBytes.addAndGet(-packet.content().readableBytes());
		}
		return packet;
	}

	private void releaseAll() {
		for (DatagramPacket packet = poll(); packet != null; packet = poll()) {
			packet.release();
		}
	}

}
