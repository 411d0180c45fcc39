package io.github.http3spring.sample.get;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;

import javax.net.ssl.SSLContext;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;

/**
 * Asks over TCP why nobody answers over UDP. Nothing but one sentence comes of it, hence
 * any certificate will do.
 */
final class TcpProbe {

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private TcpProbe() {
	}

	/**
	 * Return a sentence about what the server says of HTTP/3 over TCP.
	 */
	static String ask(URI uri) {
		try {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
			HttpClient client = HttpClient.newBuilder().sslContext(context).connectTimeout(TIMEOUT).build();
			HttpRequest request = HttpRequest.newBuilder(uri)
				.timeout(TIMEOUT)
				.method("HEAD", HttpRequest.BodyPublishers.noBody())
				.build();
			HttpResponse<Void> response = client.send(request, HttpResponse.BodyHandlers.discarding());
			String version = (response.version() == HttpClient.Version.HTTP_2) ? "HTTP/2" : "HTTP/1.1";
			return response.headers()
				.firstValue("alt-svc")
				.map((altSvc) -> "Over TCP it answers with " + version + " and offers '" + altSvc
						+ "': something on the way may drop UDP.")
				.orElse("Over TCP it answers with " + version + ", and does not offer HTTP/3 there (no Alt-Svc).");
		}
		catch (IOException | GeneralSecurityException ex) {
			return "Over TCP there is no answer either.";
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return "";
		}
	}

}
