package io.github.http3spring.benchmarks.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The memory of a process that is resident.
 */
public final class Memory {

	private static final String RESIDENT = "VmRSS:";

	private Memory() {
	}

	/**
	 * Return how much memory of a process is resident.
	 * @param pid the process
	 * @return the bytes
	 */
	public static long resident(long pid) {
		try {
			return parse(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static long parse(String status) {
		String line = status.lines().filter((candidate) -> candidate.startsWith(RESIDENT)).findFirst().orElseThrow();
		return Long.parseLong(line.split("\\s+")[1]) << 10;
	}

}
