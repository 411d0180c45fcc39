package io.github.http3spring.reader;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

import tech.kwik.flupke.Http3Client;

/**
 * Reads with Flupke, whose QUIC is that of Kwik.
 */
public final class FlupkeReader {

	private FlupkeReader() {
	}

	public static void main(String[] arguments) {
		Pace pace = new Pace(arguments);
		pace.run(() -> Http3Client.newBuilder()
			.disableCertificateCheck()
			.build()
			.send(HttpRequest.newBuilder(URI.create(arguments[0])).build(),
					BodyHandlers.ofByteArrayConsumer((bytes) -> bytes.ifPresent((array) -> pace.take(array.length)))));
	}

}
