package io.github.http3spring.netty.udp;

import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Tells all workers of a server for which addresses one of them has opened a socket, so
 * that the others do the same: the system would give this one all clients of such an
 * address otherwise. Thread-safe.
 */
public final class SharedAddresses {

	private final Set<InetAddress> addresses = ConcurrentHashMap.newKeySet();

	private final Set<Consumer<InetAddress>> workers = ConcurrentHashMap.newKeySet();

	/**
	 * Let a worker hear of each address, of those before too.
	 * @param worker hears of them, on the event loop of any worker
	 */
	void join(Consumer<InetAddress> worker) {
		this.workers.add(worker);
		this.addresses.forEach(worker);
	}

	void leave(Consumer<InetAddress> worker) {
		this.workers.remove(worker);
	}

	/**
	 * Note that a worker has a socket for an address.
	 */
	void opened(InetAddress address) {
		if (this.addresses.add(address)) {
			this.workers.forEach((worker) -> worker.accept(address));
		}
	}

}
