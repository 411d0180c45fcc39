package io.github.http3spring.reader;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import reactor.netty.http.Http3SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;

/**
 * Reads with the client of Reactor Netty, whose QUIC is that of quiche.
 */
public final class ReactorNettyReader {

	private ReactorNettyReader() {
	}

	public static void main(String[] arguments) {
		Pace pace = new Pace(arguments);
		HttpClient client = HttpClient.create()
			.protocol(HttpProtocol.HTTP3)
			.http3Settings((settings) -> settings.maxData(1 << 20).maxStreamDataBidirectionalLocal(512 << 10))
			.secure((spec) -> spec.sslContext(Http3SslContextSpec.forClient()
				.configure((builder) -> builder.trustManager(InsecureTrustManagerFactory.INSTANCE))));
		pace.run(() -> client.get()
			.uri(arguments[0])
			.responseContent()
			.asByteArray()
			.toIterable(1)
			.forEach((array) -> pace.take(array.length)));
	}

}
