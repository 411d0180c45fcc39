package io.github.http3spring.benchmarks.machine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The cores of this machine, of which the server gets the first and the client the second
 * if there are two and {@code taskset} is installed.
 *
 * @param divided whether processes can be bound to them
 */
public record Cores(boolean divided) {

	/**
	 * How many cores this process had at its start, before it has moved to one of them.
	 */
	public static final int OF_MACHINE = Runtime.getRuntime().availableProcessors();

	private static final String SERVER = "0";

	private static final String CLIENT = "1";

	private static final String ALL = "0,1";

	/**
	 * Find out about this machine.
	 * @return its cores
	 */
	public static Cores detect() {
		return new Cores(OF_MACHINE > 1 && run(List.of("taskset", "-V")));
	}

	/**
	 * Return what starts a server where it shall run.
	 * @param command the command that starts it anywhere
	 * @param shared whether it shares all cores with the client
	 * @return the command
	 */
	public List<String> place(List<String> command, boolean shared) {
		if (shared || !this.divided) {
			return command;
		}
		List<String> bound = new ArrayList<>(List.of("taskset", "-c", SERVER));
		bound.addAll(command);
		return bound;
	}

	/**
	 * Move server and client to where they shall run.
	 * @param server the server's process
	 * @param shared whether both share all cores
	 */
	public void divide(long server, boolean shared) {
		if (this.divided) {
			move(server, shared ? ALL : SERVER);
			move(ProcessHandle.current().pid(), shared ? ALL : CLIENT);
		}
	}

	private static void move(long pid, String cores) {
		run(List.of("taskset", "-a", "-c", "-p", cores, Long.toString(pid)));
	}

	private static boolean run(List<String> command) {
		try {
			Process process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.redirectError(ProcessBuilder.Redirect.DISCARD)
				.start();
			return process.waitFor() == 0;
		}
		catch (IOException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
