package io.github.http3spring.sample.get;

import java.io.Serial;

/**
 * Says why there is no response, and what to do.
 */
class GetFailure extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final int status;

	GetFailure(int status, String message) {
		super(message);
		this.status = status;
	}

	/**
	 * Return the exit status.
	 */
	int status() {
		return this.status;
	}

}
