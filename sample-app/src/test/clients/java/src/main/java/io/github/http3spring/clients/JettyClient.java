package io.github.http3spring.clients;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.eclipse.jetty.client.BufferingResponseListener;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http3.client.HTTP3Client;
import org.eclipse.jetty.http3.client.HTTP3ClientQuicConfiguration;
import org.eclipse.jetty.http3.client.transport.HttpClientTransportOverHTTP3;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.quic.quiche.client.QuicheClientQuicConfiguration;
import org.eclipse.jetty.quic.quiche.client.QuicheTransport;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * The client of Jetty, which calls quiche by JNA.
 */
final class JettyClient implements Client {

	private static final int LARGEST = 16 * 1024 * 1024;

	private final HttpClient client;

	private final String server;

	JettyClient(int port) throws Exception {
		ClientConnector connector = new ClientConnector();
		connector.setSslContextFactory(new SslContextFactory.Client(true));
		QuicheClientQuicConfiguration quic = HTTP3ClientQuicConfiguration.configure(new QuicheClientQuicConfiguration());
		this.client = new HttpClient(
				new HttpClientTransportOverHTTP3(new HTTP3Client(quic, connector), new QuicheTransport(quic)));
		this.client.setConnectTimeout(TimeUnit.SECONDS.toMillis(Commands.SECONDS));
		// It would make one for each request that comes before the first one is there
		this.client.setMaxConnectionsPerDestination(1);
		this.client.start();
		this.server = "https://localhost:" + port;
	}

	@Override
	public CompletableFuture<Answer> send(String method, String path, byte[] body) {
		CompletableFuture<Answer> answer = new CompletableFuture<>();
		this.client.newRequest(this.server + path)
			.method(method)
			.body((body.length != 0) ? new BytesRequestContent(body) : null)
			.send(new BufferingResponseListener(LARGEST) {

				@Override
				public void onComplete(Result result) {
					if (result.isSucceeded()) {
						answer.complete(new Answer(result.getResponse().getStatus(), getContent()));
					}
					else {
						answer.completeExceptionally(result.getFailure());
					}
				}

			});
		return answer;
	}

	@Override
	public void close() {
		LifeCycle.stop(this.client);
	}

}
