package io.github.http3spring.netty;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.UdpProxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The client of ngtcp2, which takes another address and another connection id and retires
 * the old one, of which some packets arrive long afterwards.
 */
final class LatePacketClient {

	/**
	 * What it prints when it has read all responses.
	 */
	static final Pattern COMPLETE = Pattern.compile("frm tx .*CONNECTION_CLOSE\\(0x1d\\).*0x100");

	private static final Duration LATE = Duration.ofMillis(700);

	private LatePacketClient() {
	}

	/**
	 * Return what the client prints of a response that is complete only after the late
	 * packets.
	 * @param proxy leads to the server
	 * @param started tells whether the server has got the requests
	 * @param moved tells whether the server sends to the new address
	 * @param output a file to write to
	 */
	static String run(UdpProxy proxy, BooleanSupplier started, Callable<Boolean> moved, Path output) throws Exception {
		// 62 windows of a round trip each: it still reads when its address changes
		proxy.delay(Direction.TO_CLIENT, Duration.ofMillis(30), Duration.ZERO);
		String url = "https://localhost/";
		File log = output.toFile();
		Process process = new ProcessBuilder("gtlsclient", "--no-quic-dump", "--no-http-dump",
				"--exit-on-all-streams-close", "--max-stream-data-bidi-local=64K", "--max-stream-window=64K",
				"--change-local-addr=700ms", "127.0.0.1", String.valueOf(proxy.address().getPort()),
				url + "bytes/4000000", url + "slow?millis=3500")
			.redirectErrorStream(true)
			.redirectOutput(log)
			.start();
		try {
			await().atMost(Duration.ofSeconds(10)).pollInterval(Duration.ofMillis(1)).until(started::getAsBoolean);
			// Held for twice the delay, apart from those that came before there was one
			proxy.reorder(Direction.TO_SERVER, 1);
			proxy.delay(Direction.TO_SERVER, LATE, Duration.ZERO);
			await().atMost(Duration.ofSeconds(5))
				.pollDelay(Duration.ofMillis(30))
				.pollInterval(Duration.ofMillis(1))
				.until(() -> proxy.pending(Direction.TO_SERVER) > 1);
			proxy.pass(Direction.TO_SERVER);
			await().atMost(Duration.ofSeconds(5)).until(moved);
			assertThat(proxy.pending(Direction.TO_SERVER)).isPositive();
			process.waitFor(15, TimeUnit.SECONDS);
		}
		finally {
			process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
		}
		return read(output);
	}

	private static String read(Path output) {
		try {
			return Files.readString(output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
