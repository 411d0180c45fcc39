package io.github.http3spring.autoconfigure;

import org.springframework.boot.logging.LogLevel;

/**
 * Why an application does not serve HTTP/3, in one sentence that says what to do about
 * it.
 *
 * @param level how much it matters
 * @param reason what goes on after "because"
 * @param failing whether the application must not start like this
 */
record Unserved(LogLevel level, String reason, boolean failing) {

	Unserved(LogLevel level, String reason) {
		this(level, reason, false);
	}

	/**
	 * Return the sentence.
	 */
	@Override
	public String toString() {
		return "HTTP/3 is not served because " + this.reason;
	}

}
