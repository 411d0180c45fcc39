package io.github.http3spring.benchmarks.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The time that all cores together have been busy so far, and the time that has passed on
 * them, in ticks.
 *
 * @param busy the ticks that somebody used
 * @param all all ticks
 */
public record MachineTime(long busy, long all) {

	private static final int IDLE = 3;

	private static final int IO_WAIT = 4;

	/**
	 * The user and nice columns include the last two, time of guests.
	 */
	private static final int COLUMNS = 8;

	/**
	 * Read the time of this machine.
	 * @return the time
	 */
	public static MachineTime now() {
		try {
			return parse(Files.readString(Path.of("/proc/stat")));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static MachineTime parse(String stat) {
		String[] columns = stat.lines().findFirst().orElseThrow().split(" +");
		long all = 0;
		long idle = 0;
		for (int i = 0; i < COLUMNS; i++) {
			long ticks = Long.parseLong(columns[i + 1]);
			all += ticks;
			if (i == IDLE || i == IO_WAIT) {
				idle += ticks;
			}
		}
		return new MachineTime(all - idle, all);
	}

	/**
	 * Return the share of the machine that others used since an earlier reading.
	 * @param earlier the earlier reading
	 * @param own the share that server and client used
	 * @return the share, from 0 to 1
	 */
	public double othersSince(MachineTime earlier, double own) {
		long all = this.all - earlier.all;
		if (all == 0) {
			return 0;
		}
		return Math.max(0, (double) (this.busy - earlier.busy) / all - own);
	}

}
