package io.github.http3spring.netty.path;

/**
 * What a packet has changed about its client's address, told to the connection as an
 * event.
 */
public enum AddressChange {

	/**
	 * Nothing has changed.
	 */
	NONE,

	/**
	 * The client has shown that it owns another address, to which packets are sent.
	 */
	MOVED,

	/**
	 * quiche has no path for one more address.
	 */
	USED_UP

}
