package io.github.http3spring.sample.demo;

/**
 * Explains the identifiers of GOAWAY frames (RFC 9114 section 5.2).
 */
final class GoAway {

	/**
	 * Largest identifier of a request, so that no request is refused yet.
	 */
	static final long FIRST_ID = (1L << 62) - 4;

	/**
	 * Distance between the identifiers of two requests (RFC 9000 section 2.1).
	 */
	static final int ID_STEP = 4;

	private GoAway() {
	}

	static String describe(long id) {
		if (id == FIRST_ID) {
			return "GOAWAY %d (2^62-4): going away, but requests are still served".formatted(id);
		}
		if (id == 0) {
			return "GOAWAY 0: no request is served any more, and none was";
		}
		return "GOAWAY %d: request %d is the last that is served".formatted(id, id - ID_STEP);
	}

}
