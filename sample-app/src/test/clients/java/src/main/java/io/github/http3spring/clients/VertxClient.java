package io.github.http3spring.clients;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientConfig;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ClientSSLOptions;

/**
 * The client of Vert.x, whose QUIC is quiche as Netty 4.2 has it.
 */
final class VertxClient implements Client {

	private final Vertx vertx = Vertx.vertx();

	private final HttpClient client;

	private final RequestOptions target;

	VertxClient(int port) {
		this.client = this.vertx.httpClientBuilder()
			.with(new HttpClientConfig().setVersions(HttpVersion.HTTP_3)
				.setSsl(true)
				.setVerifyHost(false)
				.setConnectTimeout(Duration.ofSeconds(Commands.SECONDS)))
			.with(new ClientSSLOptions().setTrustAll(true))
			.build();
		// Of the addresses of "localhost" it tries no more than the first
		this.target = new RequestOptions().setHost("127.0.0.1").setPort(port);
	}

	@Override
	public CompletableFuture<Answer> send(String method, String path, byte[] body) {
		RequestOptions options = new RequestOptions(this.target).setMethod(HttpMethod.valueOf(method)).setURI(path);
		return this.client.request(options)
			.compose((request) -> request.send(Buffer.buffer(body)))
			.compose((response) -> response.body()
				.map((content) -> new Answer(response.statusCode(), content.getBytes())))
			.toCompletionStage()
			.toCompletableFuture();
	}

	@Override
	public void close() {
		this.vertx.close().await();
	}

}
