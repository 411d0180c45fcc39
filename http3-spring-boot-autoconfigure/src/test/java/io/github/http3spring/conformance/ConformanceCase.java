package io.github.http3spring.conformance;

/**
 * A row of the table: something that is sent, and what has to follow.
 *
 * @param rfc the RFC that demands it
 * @param section the section
 * @param sent what is sent
 * @param expectation what has to follow
 * @param ownControlStream whether the case sends SETTINGS itself
 * @param probe sends it, and sees what follows
 */
record ConformanceCase(String rfc, String section, String sent, Expectation expectation, boolean ownControlStream,
		Probe probe) {

	@Override
	public String toString() {
		return this.rfc + " section " + this.section + ": " + this.sent;
	}

	/**
	 * Sends something.
	 */
	@FunctionalInterface
	interface Probe {

		Outcome run(ConformancePeer peer) throws Exception;

	}

}
