package io.github.http3spring.reader;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Takes bytes at a pace, and says on the standard output how it goes, as the clients in
 * {@code src/test/clients} do.
 */
final class Pace {

	private final double bytesPerSecond;

	private final long pauseAfter;

	private final long pauseMillis;

	private boolean paused;

	private long start;

	private long total;

	/**
	 * Take the pace from a command line.
	 * @param arguments the URL, the bytes per second, 0 for full speed, and the number of
	 * bytes after which nothing is read for the number of milliseconds that follows
	 */
	Pace(String... arguments) {
		LoggingSystem.get(Pace.class.getClassLoader()).setLogLevel(null, LogLevel.WARN);
		this.bytesPerSecond = Double.parseDouble(arguments[1]);
		this.pauseAfter = Long.parseLong(arguments[2]);
		this.pauseMillis = Long.parseLong(arguments[3]);
	}

	/**
	 * Read in a way, and stay connected for a minute.
	 */
	void run(Reading reading) {
		try {
			reading.read();
		}
		catch (Exception ex) {
			System.out.println("error " + ex);
		}
		System.out.println("read " + this.total);
		sleep(60_000);
		System.exit(0);
	}

	/**
	 * Take bytes, and return when the next ones may be read.
	 */
	void take(int bytes) {
		if (this.total == 0) {
			System.out.println("response has begun");
			this.start = System.nanoTime();
		}
		this.total += bytes;
		if (!this.paused && this.total >= this.pauseAfter) {
			this.paused = true;
			sleep(this.pauseMillis);
			this.start += this.pauseMillis * 1_000_000;
		}
		if (this.bytesPerSecond > 0) {
			long due = this.start + (long) (this.total / this.bytesPerSecond * 1e9);
			sleep((due - System.nanoTime()) / 1_000_000);
		}
	}

	private static void sleep(long millis) {
		try {
			Thread.sleep(Math.max(0, millis));
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * A way to read, which returns after the end of the response.
	 */
	@FunctionalInterface
	interface Reading {

		void read() throws Exception;

	}

}
