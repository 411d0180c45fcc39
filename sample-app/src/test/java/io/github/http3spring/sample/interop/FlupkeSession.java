package io.github.http3spring.sample.interop;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.http3spring.wire.BodyPattern;
import org.jspecify.annotations.Nullable;
import tech.kwik.core.QuicClientConnection;
import tech.kwik.core.QuicSessionTicket;
import tech.kwik.core.impl.QuicClientConnectionImpl;
import tech.kwik.core.log.NullLogger;
import tech.kwik.flupke.impl.Http3ClientConnectionImpl;

/**
 * Flupke, on a connection of Kwik's that is made for it.
 */
final class FlupkeSession implements InteropSession {

	private static final int SECONDS = 60;

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final URI server;

	private @Nullable QuicSessionTicket ticket;

	private @Nullable QuicClientConnectionImpl transport;

	private @Nullable Http3ClientConnectionImpl connection;

	FlupkeSession(int port) {
		this.server = URI.create("https://localhost:" + port);
	}

	private synchronized Http3ClientConnectionImpl connection() throws IOException {
		Http3ClientConnectionImpl current = this.connection;
		if (current == null) {
			QuicClientConnection.Builder builder = QuicClientConnection.newBuilder()
				.uri(this.server)
				.preferIPv4()
				.applicationProtocol("h3")
				.noServerCertificateCheck()
				.connectTimeout(Duration.ofSeconds(SECONDS))
				.maxOpenPeerInitiatedUnidirectionalStreams(3)
				.logger(new NullLogger());
			if (this.ticket != null) {
				builder.sessionTicket(this.ticket);
			}
			this.transport = (QuicClientConnectionImpl) builder.build();
			current = new Http3ClientConnectionImpl(this.transport, this.executor);
			current.connect();
			this.connection = current;
		}
		return current;
	}

	private CompletableFuture<HttpResponse<byte[]>> send(String method, String path, BodyPublisher body)
			throws IOException {
		HttpRequest request = HttpRequest.newBuilder(this.server.resolve(path)).method(method, body).build();
		CompletableFuture<HttpResponse<byte[]>> response = new CompletableFuture<>();
		connection().sendAsync(request, BodyHandlers.ofByteArray(), response);
		return response;
	}

	private String exchange(String method, String path, BodyPublisher body) throws Exception {
		HttpResponse<byte[]> response = send(method, path, body).get(SECONDS, TimeUnit.SECONDS);
		return Answers.of(response.statusCode(), response.body());
	}

	@Override
	public String get(String path) throws Exception {
		return exchange("GET", path, BodyPublishers.noBody());
	}

	@Override
	public String post(String path, int size) throws Exception {
		return exchange("POST", path, BodyPublishers.ofByteArray(BodyPattern.bytes(size)));
	}

	@Override
	public int many(String path, int count) throws Exception {
		List<CompletableFuture<HttpResponse<byte[]>>> responses = Stream.generate(() -> path)
			.limit(count)
			.map((same) -> CompletableFuture.supplyAsync(() -> uncheckedSend(same), this.executor)
				.thenCompose((response) -> response))
			.toList();
		int served = 0;
		for (CompletableFuture<HttpResponse<byte[]>> response : responses) {
			served += (response.get(SECONDS, TimeUnit.SECONDS).statusCode() == 200) ? 1 : 0;
		}
		return served;
	}

	private CompletableFuture<HttpResponse<byte[]>> uncheckedSend(String path) {
		try {
			return send("GET", path, BodyPublishers.noBody());
		}
		catch (IOException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	@Override
	public int each(String path, int count) throws Exception {
		int served = 0;
		while (served < count && get(path).startsWith("200 ")) {
			served++;
		}
		return served;
	}

	@Override
	public void disconnect() {
		QuicClientConnectionImpl current = this.transport;
		if (current != null) {
			this.ticket = current.getNewSessionTickets().stream().findFirst().orElse(this.ticket);
			current.close();
		}
		this.connection = null;
	}

	@Override
	public String early(String path) {
		throw new UnsupportedOperationException();
	}

	@Override
	public String update(String path) throws Exception {
		connection();
		QuicClientConnectionImpl current = this.transport;
		if (current == null) {
			throw new IOException("No connection");
		}
		String before = get(path);
		current.updateKeys();
		return get(path).equals(before) ? before : "differs";
	}

	@Override
	public void close() {
		disconnect();
		this.executor.shutdown();
	}

}
