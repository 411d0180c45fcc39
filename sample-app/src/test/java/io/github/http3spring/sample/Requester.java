package io.github.http3spring.sample;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import reactor.netty.http.Http3SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import tech.kwik.flupke.Http3Client;

/**
 * A client that sends one request after another.
 */
interface Requester extends AutoCloseable {

	/**
	 * What each client says of a response.
	 */
	String OK = "ok";

	String PATH = "/hello";

	/**
	 * Send a request and wait for its end.
	 * @return {@link #OK} or what the client says instead
	 */
	String request() throws Exception;

	@Override
	void close();

	/**
	 * Start a program that sends a request for each line of its input, and answers with a
	 * line.
	 */
	static Requester of(List<String> command) throws IOException {
		Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
		PrintStream input = new PrintStream(process.getOutputStream(), true);
		Scanner output = new Scanner(process.getInputStream());
		return new Requester() {

			@Override
			public String request() {
				input.println();
				return output.nextLine();
			}

			@Override
			public void close() {
				process.destroyForcibly();
			}

		};
	}

	/**
	 * Run a program for each request, which makes a connection each time.
	 */
	static Requester ofEach(List<String> command, Path log) {
		return new Requester() {

			@Override
			public String request() throws Exception {
				Process process = new ProcessBuilder(command).redirectErrorStream(true)
					.redirectOutput(log.toFile())
					.start();
				process.waitFor();
				String printed = Files.readString(log);
				if (printed.contains("[:status: 200]")) {
					return OK;
				}
				return printed.contains("CONNECTION_REFUSED") ? "refused" : "no response";
			}

			@Override
			public void close() {
				// Ends by itself
			}

		};
	}

	/**
	 * Use the client of this project, which connects again when its connection has ended.
	 */
	static Requester ofWireClient(int port) {
		WireClient client = WireClient.create();
		return new Requester() {

			private WireConnection connection;

			@Override
			public String request() throws Exception {
				try {
					if (this.connection == null || this.connection.closed().isDone()) {
						this.connection = client.connect(new InetSocketAddress("127.0.0.1", port))
							.get(60, TimeUnit.SECONDS);
					}
					this.connection.get(PATH).response().get(60, TimeUnit.SECONDS);
					return OK;
				}
				catch (ExecutionException ex) {
					this.connection = null;
					return String.valueOf(ex.getCause().getMessage());
				}
			}

			@Override
			public void close() {
				client.close();
			}

		};
	}

	/**
	 * Use Flupke, which keeps its connection until a request has failed.
	 */
	static Requester ofFlupke(int port) {
		return new Requester() {

			private java.net.http.HttpClient client;

			@Override
			public String request() throws Exception {
				try {
					if (this.client == null) {
						this.client = Http3Client.newBuilder().disableCertificateCheck().build();
					}
					HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + PATH))
						.build();
					return (this.client.send(request, BodyHandlers.ofString()).statusCode() == 200) ? OK : "status";
				}
				catch (IOException ex) {
					this.client = null;
					return String.valueOf(ex);
				}
			}

			@Override
			public void close() {
				// Its connections are those of the process
			}

		};
	}

	/**
	 * Use the client of Reactor Netty, with its pool of connections.
	 */
	static Requester ofReactorNetty(int port) {
		HttpClient client = HttpClient.create()
			.protocol(HttpProtocol.HTTP3)
			.http3Settings((settings) -> settings.maxData(1 << 20).maxStreamDataBidirectionalLocal(512 << 10))
			.secure((spec) -> spec.sslContext(Http3SslContextSpec.forClient()
				.configure((tls) -> tls.trustManager(InsecureTrustManagerFactory.INSTANCE))));
		return new Requester() {

			@Override
			public String request() {
				try {
					client.get().uri("https://localhost:" + port + PATH).responseContent().aggregate().block();
					return OK;
				}
				catch (RuntimeException ex) {
					return String.valueOf((ex.getCause() != null) ? ex.getCause() : ex);
				}
			}

			@Override
			public void close() {
				// Its connections are those of the process
			}

		};
	}

}
