package io.github.http3spring.netty.settings;

import io.netty.channel.ChannelException;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramChannelConfig;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.util.internal.PlatformDependent;

/**
 * Sizes of the buffers of a UDP socket: what is asked for, or what the system grants.
 *
 * @param receive bytes that may have arrived and not been read
 * @param send bytes that may wait to be sent
 */
public record UdpBuffers(int receive, int send) {

	/**
	 * Ask the system. Some systems grant less without a word, others refuse to grant more
	 * than their limit and keep what the socket has.
	 * @param channel a socket, bound or not
	 */
	public void applyTo(DatagramChannel channel) {
		DatagramChannelConfig config = channel.config();
		ask(() -> config.setReceiveBufferSize(this.receive));
		ask(() -> config.setSendBufferSize(this.send));
	}

	private static void ask(Runnable request) {
		try {
			request.run();
		}
		catch (ChannelException ex) {
			// What was granted is read afterwards
		}
	}

	/**
	 * Return what the system has granted.
	 * @param channel a socket
	 */
	public static UdpBuffers of(DatagramChannel channel) {
		DatagramChannelConfig config = channel.config();
		int divisor = reportsTwice(channel) ? 2 : 1;
		return new UdpBuffers(config.getReceiveBufferSize() / divisor, config.getSendBufferSize() / divisor);
	}

	/**
	 * Linux doubles what is asked for, for its own bookkeeping, and reports that; Java
	 * halves it again.
	 */
	private static boolean reportsTwice(DatagramChannel channel) {
		return PlatformDependent.normalizedOs().equals("linux") && !(channel instanceof NioDatagramChannel);
	}

	/**
	 * Return whether neither buffer is smaller than asked for.
	 * @param asked what was asked for
	 */
	public boolean satisfies(UdpBuffers asked) {
		return this.receive >= asked.receive && this.send >= asked.send;
	}

}
