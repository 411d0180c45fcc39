package io.github.http3spring.netty.udp;

import java.util.concurrent.atomic.AtomicReferenceArray;

import io.github.http3spring.netty.routing.ConnectionIdLayout;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Knows the workers that share a port, and which of them a packet is for. Thread-safe.
 */
public final class WorkerRouting {

	private final ConnectionIdLayout layout;

	private final AtomicReferenceArray<@Nullable WorkerRouter> workers;

	/**
	 * Create without workers.
	 * @param layout the layout of connection ids
	 * @param workers the number of workers to come
	 */
	public WorkerRouting(ConnectionIdLayout layout, int workers) {
		this.layout = layout;
		this.workers = new AtomicReferenceArray<>(workers);
	}

	void set(int index, @Nullable WorkerRouter worker) {
		this.workers.set(index, worker);
	}

	/**
	 * Return the worker that a datagram is for, by its first packet.
	 * @return the worker, {@code null} if it is nobody's in particular: of a connection
	 * that begins, of an earlier run, or of a worker that has ended
	 */
	@Nullable WorkerRouter find(ByteBuf datagram) {
		int idIndex = PacketHeader.indexOfId(datagram, this.layout.length());
		int worker = (idIndex >= 0) ? this.layout.worker(datagram, idIndex) : ConnectionIdLayout.UNKNOWN;
		return (worker >= 0 && worker < this.workers.length()) ? this.workers.get(worker) : null;
	}

}
