package io.github.http3spring.benchmarks.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the kernel tells of the sockets of this machine.
 */
public final class Sockets {

	private static final String LISTENING = "0A";

	private Sockets() {
	}

	/**
	 * Find a port that is free for TCP and UDP.
	 * @return the port
	 */
	public static int freePort() {
		while (true) {
			try (ServerSocket tcp = new ServerSocket(0);
					DatagramSocket udp = new DatagramSocket(
							new InetSocketAddress(InetAddress.getLoopbackAddress(), tcp.getLocalPort()))) {
				return udp.getLocalPort();
			}
			catch (IOException ex) {
				// Taken for UDP: the next one
			}
		}
	}

	/**
	 * Tell whether there is a UDP socket on a port.
	 * @param port the port
	 * @return whether there is one
	 */
	public static boolean isUdpBound(int port) {
		return udp(port).findAny().isPresent();
	}

	/**
	 * Tell whether there is a TCP socket that listens on a port.
	 * @param port the port
	 * @return whether there is one
	 */
	public static boolean isTcpListening(int port) {
		return rows("tcp", port).anyMatch((columns) -> columns[3].equals(LISTENING));
	}

	/**
	 * Return how many datagrams the UDP sockets on a port have lost because their buffer
	 * was full.
	 * @param port the port
	 * @return the number
	 */
	public static long lostDatagrams(int port) {
		return udp(port).mapToLong((columns) -> Long.parseLong(columns[columns.length - 1])).sum();
	}

	private static Stream<String[]> udp(int port) {
		return rows("udp", port);
	}

	private static Stream<String[]> rows(String protocol, int port) {
		return Stream.of(protocol, protocol + "6")
			.map((name) -> read(Path.of("/proc/net", name)))
			.flatMap((lines) -> rows(lines, port));
	}

	static Stream<String[]> rows(List<String> lines, int port) {
		String end = String.format(":%04X", port);
		return lines.stream().skip(1).map((line) -> line.strip().split(" +")).filter((row) -> row[1].endsWith(end));
	}

	private static List<String> read(Path file) {
		try {
			return Files.exists(file) ? Files.readAllLines(file) : List.of();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
