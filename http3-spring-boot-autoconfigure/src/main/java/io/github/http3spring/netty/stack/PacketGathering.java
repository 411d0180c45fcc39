package io.github.http3spring.netty.stack;

import io.netty.incubator.codec.quic.QuicChannel;

/**
 * Lets what is written to several streams leave together, as it does while the codec
 * reads from the socket. Otherwise each write is sent by itself. Called on the event loop
 * of the connection.
 */
public final class PacketGathering {

	private PacketGathering() {
	}

	/**
	 * Write something.
	 * @param channel the connection
	 * @param writes does so
	 */
	public static void run(QuicChannel channel, Runnable writes) {
		if (!QuicheAccess.beginGathering(channel)) {
			writes.run();
			return;
		}
		try {
			writes.run();
		}
		finally {
			QuicheAccess.endGathering(channel);
		}
	}

}
