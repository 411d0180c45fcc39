package io.github.http3spring.netty.udp;

import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.DatagramChannel;

/**
 * Lets a UDP socket read datagrams as large as the server accepts, and many of them in a
 * turn of its event loop: several with one system call where that is possible (recvmmsg,
 * on Linux with epoll).
 */
public final class DatagramReads {

	/**
	 * Bytes that one system call may read: the largest buffer that Netty's allocator
	 * keeps at hand for the next read.
	 */
	private static final int MAX_BYTES = 32 * 1024;

	/**
	 * Datagrams that are read at once, more than are processed in a
	 * {@linkplain SocketTurns turn}: those who send little would wait in the receive
	 * buffer otherwise.
	 */
	private static final int MAX_DATAGRAMS = 1024;

	private DatagramReads() {
	}

	/**
	 * Prepare a socket.
	 * @param channel a socket, bound or not
	 * @param maxPayload bytes in the largest datagram that is accepted; of a larger one
	 * only the beginning is read, which is no packet
	 */
	public static void applyTo(DatagramChannel channel, int maxPayload) {
		int bytes = maxPayload;
		if (UdpTransport.isEpoll(channel)) {
			channel.config().setOption(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, maxPayload);
			bytes *= Math.max(1, MAX_BYTES / maxPayload);
		}
		channel.config()
			.setRecvByteBufAllocator(new FixedRecvByteBufAllocator(bytes).maxMessagesPerRead(MAX_DATAGRAMS));
	}

}
