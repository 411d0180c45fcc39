package io.github.http3spring.netty.path;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * Makes up addresses that nobody can have (RFC 1112 section 4, RFC 6666), for paths of
 * quiche whose packets go somewhere else.
 */
final class MadeUpAddresses {

	private int count;

	/**
	 * Return another address each time.
	 * @param address an address of the family that is needed
	 */
	InetSocketAddress next(InetSocketAddress address) {
		byte[] bytes = new byte[address.getAddress().getAddress().length];
		bytes[0] = (byte) ((bytes.length == Integer.BYTES) ? 240 : 1);
		ByteBuffer.wrap(bytes).putShort(bytes.length - Short.BYTES, (short) System.identityHashCode(this));
		try {
			return new InetSocketAddress(InetAddress.getByAddress(bytes), 1 + (this.count++ & 0x7fff));
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
