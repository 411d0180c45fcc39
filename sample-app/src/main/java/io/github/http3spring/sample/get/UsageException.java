package io.github.http3spring.sample.get;

import java.io.Serial;

/**
 * Says what is wrong with the command line.
 */
class UsageException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	UsageException(String message) {
		super(message);
	}

}
