package io.github.http3spring.netty;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;

import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireOptions;
import org.junit.jupiter.api.Test;

/**
 * Measure.
 */
class AmplificationIT {

	@Test
	void measure() throws Exception {
		byte[] initial = initial();
		System.out.println("INITIAL " + initial.length);
		for (int mode = 0; mode < 3; mode++) {
			try (TestServer server = TestServer.start((options) -> options.handshakeTimeout(Duration.ofSeconds(3)));
					DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
				if (mode == 2) {
					try (WireClient client = WireClient.create()) {
						client.connect(server.address()).get().get("/never");
						server.awaitStarted(1);
						server.shutDown();
						run(initial, server, socket, mode);
					}
				}
				else
					run(initial, server, socket, mode);
			}
		}
	}

	private void run(byte[] initial, TestServer server, DatagramSocket socket, int mode) throws Exception {
		{
			socket.setSoTimeout(8000);
			socket.send(new DatagramPacket(initial, mode == 1 ? 600 : initial.length, server.address()));
			long start = System.nanoTime();
			int total = 0;
			try {
				for (;;) {
					DatagramPacket p = new DatagramPacket(new byte[2000], 2000);
					socket.receive(p);
					total += p.getLength();
					System.out.printf("MODE %d %d ms %d bytes first %x, total %d%n", mode,
							(System.nanoTime() - start) / 1000000, p.getLength(), p.getData()[0], total);
				}
			}
			catch (SocketTimeoutException ex) {
				System.out.println("MODE " + mode + " total " + total);
			}
		}
	}

	static byte[] initial() throws Exception {
		try (DatagramSocket sink = new DatagramSocket(0, InetAddress.getLoopbackAddress());
				WireClient client = WireClient
					.create(WireOptions.defaults().withMaxIdleTimeout(Duration.ofSeconds(1)))) {
			client.connect((InetSocketAddress) sink.getLocalSocketAddress());
			DatagramPacket p = new DatagramPacket(new byte[2000], 2000);
			sink.receive(p);
			return Arrays.copyOf(p.getData(), p.getLength());
		}
	}

}
