package io.github.http3spring;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Passes TCP connections on to a port that can change, for connections to come, as a load
 * balancer does.
 */
final class TcpRelay implements AutoCloseable {

	private final ServerSocket listener;

	private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

	private volatile int target;

	TcpRelay(int port, int target) throws IOException {
		this.listener = new ServerSocket(port, 0, InetAddress.getByName("127.0.0.1"));
		this.target = target;
		start(this::accept);
	}

	void retarget(int target) {
		this.target = target;
	}

	private void accept() throws IOException {
		while (true) {
			Socket client = this.listener.accept();
			this.sockets.add(client);
			start(() -> connect(client));
		}
	}

	private void connect(Socket client) throws IOException {
		try {
			Socket server = new Socket("127.0.0.1", this.target);
			this.sockets.add(server);
			start(() -> pass(client, server));
			start(() -> pass(server, client));
		}
		catch (IOException ex) {
			client.close();
			throw ex;
		}
	}

	private static void pass(Socket from, Socket to) throws IOException {
		try (from; to) {
			from.getInputStream().transferTo(to.getOutputStream());
		}
	}

	private static void start(Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (IOException ex) {
				// One side has closed
			}
		}, "tcp-relay");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() throws IOException {
		this.listener.close();
		for (Socket socket : this.sockets) {
			socket.close();
		}
	}

	@FunctionalInterface
	private interface Task {

		void run() throws IOException;

	}

}
