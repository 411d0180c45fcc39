package io.github.http3spring.clients;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * A response that has come whole.
 *
 * @param status its status
 * @param content its content
 */
record Answer(int status, byte[] content) {

	boolean isOk() {
		return this.status == 200;
	}

	@Override
	public String toString() {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(this.content);
			return this.status + " " + this.content.length + " " + HexFormat.of().formatHex(digest);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
