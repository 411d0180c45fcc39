package io.github.http3spring.netty;

import java.net.InetSocketAddress;

/**
 * Makes addresses to listen on.
 */
final class UdpAddress {

	private UdpAddress() {
	}

	/**
	 * Return an address with another port. A name that is not resolved stays so.
	 */
	static InetSocketAddress withPort(InetSocketAddress address, int port) {
		return address.isUnresolved() ? InetSocketAddress.createUnresolved(address.getHostString(), port)
				: new InetSocketAddress(address.getAddress(), port);
	}

}
