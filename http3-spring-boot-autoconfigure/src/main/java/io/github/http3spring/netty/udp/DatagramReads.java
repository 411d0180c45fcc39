package io.github.http3spring.netty.udp;

import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.DatagramChannel;

/**
 * Lets a UDP socket read datagrams as large as the server accepts, and several of them in
 * a turn of its event loop: with one system call where that is possible (recvmmsg, on
 * Linux with epoll). If each were a turn of its own, connections could not take turns.
 */
public final class DatagramReads {

	/**
	 * Bytes that may be read in a turn: with one system call, the largest buffer that
	 * Netty's allocator keeps at hand for the next read.
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
		int datagrams = Math.max(1, MAX_BYTES / maxPayload);
		if (UdpTransport.isEpoll(channel)) {
			channel.config().setOption(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, maxPayload);
			channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(datagrams * maxPayload));
		}
		else {
			channel.config()
				.setRecvByteBufAllocator(new FixedRecvByteBufAllocator(maxPayload).maxMessagesPerRead(datagrams));
		}
	}

}
