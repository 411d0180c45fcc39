package io.github.http3spring.benchmarks.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The CPU time that the threads of a process have used so far, as the kernel counts it.
 *
 * @param threads the time of each thread that is alive, by its id
 */
public record CpuTime(Map<Long, ThreadTime> threads) {

	/**
	 * What the names of a JVM's compiler threads begin with, as far as the kernel keeps
	 * them.
	 */
	private static final List<String> COMPILERS = List.of("C1 Compiler", "C2 Compiler");

	/**
	 * Read the CPU time of a process.
	 * @param pid the process
	 * @return its CPU time
	 */
	public static CpuTime of(long pid) {
		Map<Long, ThreadTime> threads = new HashMap<>();
		try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
			tasks.forEach((task) -> read(task, threads));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return new CpuTime(threads);
	}

	private static void read(Path task, Map<Long, ThreadTime> threads) {
		try {
			String name = Files.readString(task.resolve("comm"));
			String[] times = Files.readString(task.resolve("schedstat")).split(" ");
			boolean compiler = COMPILERS.stream().anyMatch(name::startsWith);
			threads.put(Long.valueOf(task.getFileName().toString()),
					new ThreadTime(Long.parseLong(times[0]), compiler));
		}
		catch (NoSuchFileException ex) {
			// The thread has ended meanwhile
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return what was used since an earlier reading, compiler threads left out: they are
	 * done after some minutes, which no round of a benchmark can wait for.
	 * @param earlier the earlier reading
	 * @return the nanoseconds
	 */
	public long workSince(CpuTime earlier) {
		return since(earlier, false);
	}

	/**
	 * Return what the compiler threads of a JVM used since an earlier reading.
	 * @param earlier the earlier reading
	 * @return the nanoseconds
	 */
	public long compilersSince(CpuTime earlier) {
		return since(earlier, true);
	}

	private long since(CpuTime earlier, boolean compiler) {
		return this.threads.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().compiler() == compiler)
			.mapToLong((entry) -> entry.getValue().nanos() - earlier.nanos(entry.getKey()))
			.sum();
	}

	private long nanos(Long thread) {
		ThreadTime time = this.threads.get(thread);
		return (time != null) ? time.nanos() : 0;
	}

	/**
	 * The CPU time of a thread.
	 *
	 * @param nanos the nanoseconds
	 * @param compiler whether it compiles for a JVM
	 */
	public record ThreadTime(long nanos, boolean compiler) {

	}

}
