package io.github.http3spring.netty.connection;

/**
 * What a client can make a server do again and again for next to nothing (RFC 9114
 * section 10.5), and has done too often.
 */
public enum ExcessiveLoad {

	/**
	 * Begin requests that the client resets, stops or malforms: they count for none of
	 * its streams, so that nothing else limits them (CVE-2023-44487).
	 */
	RESETS("requests that its client has given up", "max-resets"),

	/**
	 * Look at frames and instructions that bring no part of a request.
	 */
	EMPTY_FRAMES("frames without content", "max-empty-frames");

	private final String description;

	private final String property;

	ExcessiveLoad(String description, String property) {
		this.description = description;
		this.property = property;
	}

	@Override
	public String toString() {
		return "more than 'connection." + this.property + "' " + this.description + " in a second";
	}

}
