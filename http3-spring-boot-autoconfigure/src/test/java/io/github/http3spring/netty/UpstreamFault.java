package io.github.http3spring.netty;

import io.netty.incubator.codec.quic.Quic;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a test of a fault of the stack says when it is not there, or back: what to do
 * about the class that repairs it.
 */
final class UpstreamFault {

	/**
	 * Netty 4.2 has the codecs in packages of its own.
	 */
	private static final boolean NETTY_4_2 = !Quic.class.getName().contains("incubator");

	private UpstreamFault() {
	}

	/**
	 * Assert that a fault is there with both lines of Netty.
	 */
	static void assertStillThere(boolean there, String repair) {
		assertThat(there).withFailMessage("mended: take out " + repair).isTrue();
	}

	/**
	 * Assert that a fault is there with Netty 4.1 alone.
	 */
	static void assertStillThereBefore42(boolean there, String repair) {
		assertThat(there)
			.withFailMessage(
					(NETTY_4_2 ? "back with Netty 4.2, which needs " : "mended with Netty 4.1 too: take out ") + repair)
			.isEqualTo(!NETTY_4_2);
	}

}
