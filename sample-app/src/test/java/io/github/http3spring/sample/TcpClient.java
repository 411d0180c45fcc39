package io.github.http3spring.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;

/**
 * A client of the TCP server, the JDK's own, with a connection for each request in
 * flight.
 */
final class TcpClient {

	private final HttpClient client;

	private final String base;

	TcpClient(int port) throws GeneralSecurityException {
		SSLContext sslContext = SSLContext.getInstance("TLS");
		sslContext.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
		this.client = HttpClient.newBuilder().version(Version.HTTP_1_1).sslContext(sslContext).build();
		this.base = "https://localhost:" + port;
	}

	CompletableFuture<HttpResponse<String>> get(String path) {
		return send(request(path).GET());
	}

	/**
	 * Ask for events, which go on after the header section for which this waits.
	 */
	CompletableFuture<HttpResponse<Stream<String>>> openEvents() {
		return this.client.sendAsync(request("/events").GET().build(), BodyHandlers.ofLines());
	}

	CompletableFuture<HttpResponse<String>> post(String path) {
		return send(request(path).POST(BodyPublishers.noBody()));
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create(this.base + path)).timeout(Duration.ofSeconds(20));
	}

	private CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
		return this.client.sendAsync(request.build(), BodyHandlers.ofString());
	}

}
