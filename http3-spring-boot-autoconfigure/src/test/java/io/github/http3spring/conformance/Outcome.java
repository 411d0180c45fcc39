package io.github.http3spring.conformance;

import org.jspecify.annotations.Nullable;

/**
 * What a server has made of what was sent to it.
 *
 * @param text what is written into the table
 * @param body the content of a response, {@code null} if there is none or it does not
 * matter
 */
record Outcome(String text, @Nullable String body) {

	/**
	 * The connection goes on, and nothing else has happened.
	 */
	static final Outcome IGNORED = new Outcome("ignored", null);

	/**
	 * There is no answer yet.
	 */
	static final Outcome WAITS = new Outcome("no answer yet", null);

	static final Outcome NOTHING = new Outcome("nothing at all", null);

	static Outcome closed(boolean application, long code) {
		return new Outcome("connection closed: " + (application ? ErrorCodes.http(code) : ErrorCodes.transport(code)),
				null);
	}

	static Outcome reset(long code) {
		return new Outcome("stream reset: " + ErrorCodes.http(code), null);
	}

	static Outcome answered(String status, @Nullable String body) {
		return new Outcome(status, body);
	}

	/**
	 * Return whether this is what was expected.
	 * @param expected what was, of whose content nothing may be expected
	 */
	boolean is(Outcome expected) {
		return this.text.equals(expected.text) && (expected.body == null || expected.body.equals(this.body));
	}

	@Override
	public String toString() {
		if (this.body == null) {
			return this.text;
		}
		return this.text + (this.body.isEmpty() ? " without content" : " with `" + this.body + "`");
	}

}
