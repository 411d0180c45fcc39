package io.github.http3spring.netty.udp;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Decides whether new connections are taken in. Called on the event loop of the socket.
 */
public interface Admission {

	/**
	 * Return whether a connection id belongs to a connection that was taken in.
	 * @param connectionId the id that an Initial packet is for
	 */
	boolean isKnown(ByteBuffer connectionId);

	/**
	 * Return whether one more connection is taken in now.
	 */
	boolean admits();

	/**
	 * Note that a connection was refused, once however often its client asks.
	 * @param connectionId the id that its client has chosen
	 * @param client the address of the client
	 */
	void refused(ByteBuffer connectionId, InetSocketAddress client);

}
