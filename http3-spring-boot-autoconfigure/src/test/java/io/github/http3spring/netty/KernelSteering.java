package io.github.http3spring.netty;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import io.netty.channel.Channel;
import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Decides to which worker of a port the kernel gives packets, in place of
 * {@link io.github.http3spring.netty.udp.KernelRouting}.
 */
final class KernelSteering {

	private static final int SOL_SOCKET = 1;

	private static final int ATTACH_REUSEPORT_CBPF = 51;

	private static final int DETACH_REUSEPORT_BPF = 68;

	private static final short RETURN = 0x06;

	private KernelSteering() {
	}

	/**
	 * Let one worker get all packets.
	 * @param socket an epoll socket of the port
	 * @param worker the index of the worker
	 */
	static void toWorker(Channel socket, int worker) {
		ByteBuffer instruction = ByteBuffer.allocateDirect(8)
			.order(ByteOrder.nativeOrder())
			.putShort(0, RETURN)
			.putInt(4, worker);
		ByteBuffer program = ByteBuffer.allocateDirect(16)
			.order(ByteOrder.nativeOrder())
			.putShort(0, (short) 1)
			.putLong(8, Buffer.memoryAddress(instruction));
		assertThat(socket.config()
			.setOption(new RawUnixChannelOption("SO_ATTACH_REUSEPORT_CBPF", SOL_SOCKET, ATTACH_REUSEPORT_CBPF, 16),
					program))
			.isTrue();
	}

	/**
	 * Let the hash of a client's address decide alone.
	 * @param socket an epoll socket of the port
	 */
	static void stop(Channel socket) {
		socket.config()
			.setOption(new IntegerUnixChannelOption("SO_DETACH_REUSEPORT_BPF", SOL_SOCKET, DETACH_REUSEPORT_BPF), 0);
	}

}
