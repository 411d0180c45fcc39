package io.github.http3spring.netty.udp;

import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.DatagramChannel;

/**
 * Lets a UDP socket read datagrams as large as the server accepts, and several of them
 * with one system call where that is possible (recvmmsg, on Linux with epoll).
 */
public final class DatagramReads {

	/**
	 * Bytes that one system call may read: the largest buffer that Netty's allocator
	 * keeps at hand for the next read.
	 */
	private static final int MAX_BYTES = 32 * 1024;

	private DatagramReads() {
	}

	/**
	 * Prepare a socket.
	 * @param channel a socket, bound or not
	 * @param maxPayload bytes in the largest datagram that is accepted; of a larger one
	 * only the beginning is read, which is no packet
	 */
	public static void applyTo(DatagramChannel channel, int maxPayload) {
		int datagrams = 1;
		if (UdpTransport.isEpoll(channel)) {
			datagrams = Math.max(1, MAX_BYTES / maxPayload);
			channel.config().setOption(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, maxPayload);
		}
		channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(datagrams * maxPayload));
	}

}
