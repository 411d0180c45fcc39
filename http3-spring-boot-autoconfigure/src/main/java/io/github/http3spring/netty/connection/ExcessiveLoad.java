package io.github.http3spring.netty.connection;

/**
 * What a client can make a server do again and again for next to nothing (RFC 9114
 * section 10.5), and has done too often.
 */
public enum ExcessiveLoad {

	/**
	 * Begin requests that the client resets, stops or malforms, or whose header section
	 * is too large: they count for none of its streams, so that nothing else limits them
	 * (CVE-2023-44487).
	 */
	RESETS("more than 'connection.max-resets' requests that its client has given up in a second"),

	/**
	 * Look at frames and instructions that bring no part of a request.
	 */
	EMPTY_FRAMES("more than 'connection.max-empty-frames' frames without content in a second"),

	/**
	 * Keep what no handler can be handed: content in very small parts, or with gaps, and
	 * packets without content.
	 */
	UNDELIVERED_DATA("more data than 'connection.max-undelivered-data' or its credit that was not delivered"),

	/**
	 * The same, on all connections together: this one keeps most.
	 */
	SHARE_OF_UNDELIVERED_DATA("most of the data that was not delivered, which is more than 'max-undelivered-data'"),

	/**
	 * Keep what was sent to a client that acknowledges nothing any more: of such
	 * connections this one keeps most, and all connections together keep too much.
	 */
	SHARE_OF_UNACKNOWLEDGED_DATA("much of the data that was sent and not acknowledged, more than 'max-unsent-data'");

	private final String description;

	ExcessiveLoad(String description) {
		this.description = description;
	}

	@Override
	public String toString() {
		return this.description;
	}

}
