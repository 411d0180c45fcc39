package io.github.http3spring.netty.udp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import io.github.http3spring.netty.routing.ConnectionIdLayout;
import io.github.http3spring.netty.routing.WorkerFilter;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.RawUnixChannelOption;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Lets Linux give each packet to the socket of its worker, when a client's address
 * changes, so that no worker has to hand it on. Where the kernel refuses that, or it is
 * not there, {@link WorkerRouter} does it.
 */
public final class KernelRouting {

	private static final Log logger = LogFactory.getLog(KernelRouting.class);

	private static final int SOL_SOCKET = 1;

	private static final int SO_ATTACH_REUSEPORT_CBPF = 51;

	/**
	 * Size of the number of instructions, with what aligns the pointer to them that
	 * follows.
	 */
	private static final int POINTER_OFFSET = 8;

	private static final RawUnixChannelOption ATTACH = new RawUnixChannelOption("SO_ATTACH_REUSEPORT_CBPF", SOL_SOCKET,
			SO_ATTACH_REUSEPORT_CBPF, POINTER_OFFSET + Long.BYTES);

	private KernelRouting() {
	}

	/**
	 * Begin.
	 * @param channel one of the epoll sockets of a port, which were bound in the order of
	 * their workers
	 * @param layout the layout of connection ids
	 * @return whether the kernel does it
	 */
	public static boolean begin(Channel channel, ConnectionIdLayout layout) {
		ByteBuffer filter = WorkerFilter.create(layout);
		ByteBuffer program = ByteBuffer.allocateDirect(POINTER_OFFSET + Long.BYTES)
			.order(ByteOrder.nativeOrder())
			.putShort(0, (short) (filter.remaining() / WorkerFilter.INSTRUCTION_SIZE))
			.putLong(POINTER_OFFSET, Buffer.memoryAddress(filter));
		try {
			return channel.config().setOption(ATTACH, program);
		}
		catch (ChannelException ex) {
			logger.debug("The kernel does not route HTTP/3 packets to their workers", ex);
			return false;
		}
	}

}
