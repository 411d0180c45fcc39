package io.github.http3spring.netty.path;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A client's socket, with the connections that the client has begun there: they move
 * together.
 */
final class KnownClient {

	private final ClientAddresses addresses;

	private final int maxPaths;

	/**
	 * Few clients ever move.
	 */
	private @Nullable ClientPaths paths;

	/**
	 * Few clients ever have more than one.
	 */
	private Set<InetSocketAddress> names = Set.of();

	private int connections;

	private boolean shared;

	/**
	 * Create a client that has not moved.
	 * @param home its first address
	 * @param maxPaths the number of paths that quiche keeps
	 */
	KnownClient(InetSocketAddress home, int maxPaths) {
		this.addresses = new ClientAddresses(home);
		this.maxPaths = maxPaths;
	}

	ClientAddresses addresses() {
		return this.addresses;
	}

	ClientPaths paths() {
		if (this.paths == null) {
			this.paths = new ClientPaths(this.addresses, this.maxPaths, System::nanoTime);
		}
		return this.paths;
	}

	void addName(InetSocketAddress name) {
		if (this.names.isEmpty()) {
			this.names = Set.of(name);
			return;
		}
		if (!(this.names instanceof HashSet)) {
			this.names = new HashSet<>(this.names);
		}
		this.names.add(name);
	}

	/**
	 * Return the addresses by which datagrams find it.
	 */
	Set<InetSocketAddress> names() {
		return this.names;
	}

	void connectionAdded() {
		this.connections++;
	}

	/**
	 * Note that a connection has ended.
	 * @return whether it was the last one
	 */
	boolean connectionRemoved() {
		return --this.connections == 0;
	}

	/**
	 * Note that the first address is also one that another client has moved to.
	 */
	void share() {
		this.shared = true;
	}

	/**
	 * Return whether packets from an address are all its own, and the only ones.
	 */
	boolean isOnlyAt(InetSocketAddress address) {
		return !this.shared && this.addresses.isOnly(address);
	}

}
