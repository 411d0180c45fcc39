package io.github.http3spring.netty;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server of HTTP/1.1 that records the bytes of each connection to their end, and reads
 * one request from it as RFC 9112 section 6.3 says.
 */
final class RecordingBackend implements AutoCloseable {

	private static final int TIMEOUT_SECONDS = 15;

	private static final String END_OF_HEAD = "\r\n\r\n";

	private final ServerSocket socket;

	private final BlockingQueue<String> connections = new LinkedBlockingQueue<>();

	private volatile String answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

	RecordingBackend() throws IOException {
		this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		Thread thread = new Thread(this::accept, "recording-backend");
		thread.setDaemon(true);
		thread.start();
	}

	int port() {
		return this.socket.getLocalPort();
	}

	/**
	 * Answer the requests that follow with these bytes.
	 */
	void answer(String answer) {
		this.answer = answer;
	}

	/**
	 * Wait for the end of a connection.
	 * @return all bytes that came on it
	 */
	String received() throws InterruptedException {
		String received = this.connections.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
		assertThat(received).as("bytes of a connection").isNotNull();
		return received;
	}

	private void accept() {
		while (!this.socket.isClosed()) {
			try (Socket connection = this.socket.accept()) {
				connection.setSoTimeout((int) TimeUnit.SECONDS.toMillis(TIMEOUT_SECONDS));
				this.connections.add(serve(connection));
			}
			catch (IOException ex) {
				// Closed, or a client that does not end: the test fails by what is
				// missing
			}
		}
	}

	private String serve(Socket connection) throws IOException {
		ByteArrayOutputStream received = new ByteArrayOutputStream();
		InputStream input = connection.getInputStream();
		int octet = input.read();
		boolean answered = false;
		while (octet >= 0) {
			received.write(octet);
			if (!answered && isWhole(received.toString(StandardCharsets.ISO_8859_1))) {
				answered = true;
				connection.getOutputStream().write(this.answer.getBytes(StandardCharsets.ISO_8859_1));
				connection.shutdownOutput();
			}
			octet = input.read();
		}
		return received.toString(StandardCharsets.ISO_8859_1);
	}

	private static boolean isWhole(String received) {
		int end = received.indexOf(END_OF_HEAD);
		if (end < 0) {
			return false;
		}
		String head = received.substring(0, end).toLowerCase();
		String content = received.substring(end + END_OF_HEAD.length());
		if (head.contains("\r\ntransfer-encoding: chunked")) {
			return content.equals("0" + END_OF_HEAD) || content.endsWith("\r\n0" + END_OF_HEAD);
		}
		int length = head.indexOf("\r\ncontent-length: ");
		return length < 0 || content.length() >= Integer.parseInt(head.substring(length + 18).split("\r\n")[0].trim());
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
