package io.github.http3spring.sample;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How a client reads a response.
 *
 * @param size the bytes of the response
 * @param bytesPerSecond the pace, 0 for full speed
 * @param pauseAfter the number of bytes after which nothing is read for a while
 * @param pauseMillis the length of that while
 * @param loss the part of packets that the network loses, in either direction
 */
record PacedRead(int size, int bytesPerSecond, int pauseAfter, int pauseMillis, double loss) {

	static PacedRead atFullSpeed(int size, double loss) {
		return new PacedRead(size, 0, 0, 0, loss);
	}

	/**
	 * Return the rows of the table. Without a pause, who reads at full speed is done
	 * before all clients have begun.
	 */
	static Stream<PacedRead> table() {
		Map<Integer, Integer> sizes = new TreeMap<>(
				Map.of(100_000, 2_000_000, 300_000, 4_000_000, 1_000_000, 8_000_000, 0, 8 << 20));
		return Stream.of(0.0, 0.05)
			.flatMap((loss) -> Stream.of(0, 3000)
				.flatMap((pause) -> sizes.entrySet()
					.stream()
					.map((size) -> new PacedRead(size.getValue(), size.getKey(), 100_000, pause, loss))))
			.filter((read) -> read.bytesPerSecond > 0 || read.pauseMillis > 0);
	}

	String path() {
		return "/bytes/" + this.size;
	}

	String url(String host, int port) {
		return "https://" + host + ":" + port + path();
	}

	/**
	 * Return the arguments that clients take the pace from.
	 */
	List<String> pace() {
		return Stream.of(this.bytesPerSecond, this.pauseAfter, this.pauseMillis).map(String::valueOf).toList();
	}

	@Override
	public String toString() {
		String rate = (this.bytesPerSecond == 0) ? "full speed" : this.bytesPerSecond / 1000 + " kB/s";
		return "%s | %d s | %.0f %%".formatted(rate, this.pauseMillis / 1000, this.loss * 100);
	}

}
