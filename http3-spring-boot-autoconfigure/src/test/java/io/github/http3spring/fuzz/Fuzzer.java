package io.github.http3spring.fuzz;

import java.util.Arrays;
import java.util.List;

/**
 * The door for a fuzzer, which calls it again and again with what it makes up. With more
 * than one target in {@code -Dfuzz.targets} the first byte of an input chooses one.
 */
public final class Fuzzer {

	private static final List<FuzzTarget> TARGETS = Arrays.stream(System.getProperty("fuzz.targets", "").split(","))
		.map(FuzzTarget::valueOf)
		.toList();

	static {
		// The fuzzer enables assertions. Netty's are off in production, and one of them
		// fails for what quiche tells of retired connection ids (quiche issue 2509)
		Fuzzer.class.getClassLoader().setPackageAssertionStatus("io.netty", false);
	}

	private Fuzzer() {
	}

	/**
	 * Try an input.
	 */
	public static void fuzzerTestOneInput(byte[] input) {
		if (TARGETS.size() == 1) {
			TARGETS.get(0).run(input);
		}
		else if (input.length > 0) {
			TARGETS.get((input[0] & 0xff) % TARGETS.size()).run(Arrays.copyOfRange(input, 1, input.length));
		}
	}

}
