package io.github.http3spring.netty.routing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Program for the kernel that finds the worker of a packet with a short header by its
 * connection id, as {@link ConnectionIdLayout} does. Classic BPF, as
 * {@code SO_ATTACH_REUSEPORT_CBPF} takes it: it returns the number of a socket, and the
 * kernel falls back to its hash of addresses and ports where that number is too large.
 */
public final class WorkerFilter {

	/**
	 * Size of one instruction: operation, two jump offsets and an operand.
	 */
	public static final int INSTRUCTION_SIZE = 8;

	private static final int LOAD_BYTE = 0x30;

	private static final int LOAD_WORD = 0x20;

	private static final int JUMP_IF_BITS = 0x45;

	private static final int MULTIPLY = 0x24;

	private static final int SHIFT_RIGHT = 0x74;

	private static final int COPY_TO_X = 0x07;

	private static final int XOR_X = 0xac;

	private static final int RETURN_ACCUMULATOR = 0x16;

	private static final int RETURN = 0x06;

	private static final int LONG_HEADER = 0x80;

	private static final int NO_SOCKET = -1;

	private WorkerFilter() {
	}

	/**
	 * Create the program.
	 * @param layout the layout of connection ids
	 * @return the instructions, in direct memory
	 */
	public static ByteBuffer create(ConnectionIdLayout layout) {
		ByteBuffer program = ByteBuffer.allocateDirect(10 * INSTRUCTION_SIZE).order(ByteOrder.nativeOrder());
		add(program, LOAD_BYTE, 0);
		// A client may have chosen the id of a long header: to the last instruction
		program.putShort((short) JUMP_IF_BITS).put((byte) 7).put((byte) 0).putInt(LONG_HEADER);
		add(program, LOAD_WORD, 1 + layout.maskIndex());
		add(program, MULTIPLY, layout.mask());
		add(program, SHIFT_RIGHT, Integer.SIZE - Byte.SIZE);
		add(program, COPY_TO_X, 0);
		add(program, LOAD_BYTE, 1 + layout.workerIndex());
		add(program, XOR_X, 0);
		add(program, RETURN_ACCUMULATOR, 0);
		add(program, RETURN, NO_SOCKET);
		return program.flip();
	}

	private static void add(ByteBuffer program, int operation, int operand) {
		program.putShort((short) operation).putShort((short) 0).putInt(operand);
	}

}
