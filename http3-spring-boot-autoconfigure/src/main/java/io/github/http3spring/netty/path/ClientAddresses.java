package io.github.http3spring.netty.path;

import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Knows where a client is, and where it was. Confined to the event loop of the
 * connections.
 */
final class ClientAddresses {

	/**
	 * Addresses that a client is remembered at, apart from its first one.
	 */
	static final int MAX_ADDRESSES = 8;

	private final InetSocketAddress home;

	/**
	 * Few clients ever move.
	 */
	private Map<InetSocketAddress, ClientAddress> addresses = Map.of();

	private @Nullable ClientAddress current;

	private InetSocketAddress validated;

	/**
	 * Create the addresses of a client that has not moved.
	 * @param home its first address
	 */
	ClientAddresses(InetSocketAddress home) {
		this.home = home;
		this.validated = home;
	}

	InetSocketAddress home() {
		return this.home;
	}

	/**
	 * Return where the client is, {@code null} for its first address.
	 */
	@Nullable ClientAddress current() {
		return this.current;
	}

	/**
	 * Return the address that packets are sent to.
	 */
	InetSocketAddress recipient() {
		return (this.current != null) ? this.current.address() : this.home;
	}

	/**
	 * Return the last address that the client has shown to be its own.
	 */
	InetSocketAddress validated() {
		if (this.current == null || this.current.isValidated()) {
			this.validated = recipient();
		}
		return this.validated;
	}

	/**
	 * Return whether the client has never sent from another address.
	 */
	boolean isOnly(InetSocketAddress address) {
		return this.addresses.isEmpty() && this.home.equals(address);
	}

	boolean contains(InetSocketAddress address) {
		return address.equals(this.home) || this.addresses.containsKey(address);
	}

	@Nullable ClientAddress get(InetSocketAddress address) {
		return this.addresses.get(address);
	}

	/**
	 * Find the address that quiche has a path for.
	 */
	@Nullable ClientAddress findByPath(InetSocketAddress path) {
		for (ClientAddress address : this.addresses.values()) {
			if (address.address().equals(path) || address.path().equals(path)) {
				return address;
			}
		}
		return null;
	}

	/**
	 * Remember an address, and forget the oldest one if there are too many.
	 */
	void add(ClientAddress address) {
		if (this.addresses.isEmpty()) {
			this.addresses = new LinkedHashMap<>();
		}
		if (this.addresses.putIfAbsent(address.address(), address) == null && this.addresses.size() > MAX_ADDRESSES) {
			Iterator<ClientAddress> eldest = this.addresses.values().iterator();
			if (eldest.next() == this.current) {
				eldest.next();
			}
			eldest.remove();
		}
	}

	/**
	 * Note that the client has moved.
	 * @param address where to, {@code null} for its first address
	 */
	void moveTo(@Nullable ClientAddress address) {
		this.validated = validated();
		this.current = address;
		if (address != null) {
			address.adopt();
			add(address);
		}
	}

}
