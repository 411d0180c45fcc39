package io.github.http3spring.netty.udp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;

import io.github.http3spring.fuzz.FuzzInput;
import io.github.http3spring.netty.FuzzedServer;

/**
 * Somebody without a connection: datagrams of any kind, and Initial packets with any
 * frames and any ClientHello, protected as they have to be. Most of what reads them is
 * native code.
 */
public final class HandshakeFuzz {

	private static final FuzzedServer SERVER = FuzzedServer.instance();

	private static final int MAX_DATAGRAMS = 4;

	private static final DatagramChannel SOCKET = open();

	private static final ByteBuffer RECEIVED = ByteBuffer.allocate(2048);

	private static int serial;

	private HandshakeFuzz() {
	}

	private static DatagramChannel open() {
		try {
			DatagramChannel channel = DatagramChannel.open();
			channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
			channel.configureBlocking(false);
			return channel;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Take datagrams: for each a byte that says what it is.
	 */
	public static void run(byte[] bytes) {
		FuzzInput input = new FuzzInput(bytes);
		long before = SERVER.datagrams();
		byte[] id = ByteBuffer.allocate(Long.BYTES).putLong(serial++).array();
		int count = 0;
		while (count < MAX_DATAGRAMS && input.hasMore()) {
			send(datagram(input, id, count));
			count++;
		}
		SERVER.awaitDatagrams(before + count);
		drain();
		SERVER.tried(bytes);
	}

	private static byte[] datagram(FuzzInput input, byte[] id, int number) {
		switch (input.below(4)) {
			case 0 -> {
				int size = 8 * input.next();
				byte[] datagram = input.nextBytes();
				return Arrays.copyOf(datagram, Math.max(1, Math.max(size, datagram.length)));
			}
			case 1 -> {
				byte[] destinationId = input.nextBytes(input.below(21));
				return ClientInitial.encode(destinationId, input.nextBytes(input.below(21)),
						input.nextBytes(input.below(64)), number, input.nextBytes());
			}
			case 2 -> {
				// Any frames beside a part of a ClientHello
				byte[] hello = ClientInitial.clientHello(id);
				byte[] frames = input.nextBytes();
				byte[] crypto = ClientInitial.crypto(0, Arrays.copyOf(hello, Math.max(1, input.next() % hello.length)));
				byte[] all = Arrays.copyOf(frames, frames.length + crypto.length);
				System.arraycopy(crypto, 0, all, frames.length, crypto.length);
				return ClientInitial.encode(id, id, new byte[0], number, all);
			}
			default -> {
				// A whole ClientHello in which some bytes are others
				byte[] hello = ClientInitial.clientHello(id);
				for (int changes = input.below(8); changes > 0; changes--) {
					hello[input.next() % hello.length] ^= (byte) input.next();
				}
				return ClientInitial.encode(id, id, new byte[0], number, ClientInitial.crypto(0, hello));
			}
		}
	}

	private static void send(byte[] datagram) {
		try {
			SOCKET.send(ByteBuffer.wrap(datagram), SERVER.address());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void drain() {
		try {
			while (SOCKET.receive(RECEIVED.clear()) != null) {
				// Nobody reads the answers
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
