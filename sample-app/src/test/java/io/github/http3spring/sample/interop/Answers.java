package io.github.http3spring.sample.interop;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Writes down what a client says of a response.
 */
final class Answers {

	private Answers() {
	}

	static String of(int status, byte[] content) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
			return status + " " + content.length + " " + HexFormat.of().formatHex(digest);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static String of(String content) {
		return of(200, content.getBytes(StandardCharsets.UTF_8));
	}

}
