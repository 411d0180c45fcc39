package io.github.http3spring.netty;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.ConnectionClosedException;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Clients that are refused: each learns it from the answer to its first packet, and none
 * has ever connected.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
@Isolated("captures the output")
class RefusalIT {

	private static final CloseFrame REFUSED = new CloseFrame(false, 0x02, "");

	private static final int ATTEMPTS = 200;

	private static final String INDEPENDENT_CLIENT = "gtlsclient";

	/**
	 * Of clients whose connection is there when the handshake is done.
	 */
	private static final WireOptions HASTY = WireOptions.defaults()
		.withAwaitSettings(false)
		.withConnectionsPerSocket(20);

	@ParameterizedTest
	@ValueSource(doubles = { 0, 0.05 })
	void noClientOfAStormHasConnectedWhenItIsRefusedAndEachIsCountedOnce(double loss, CapturedOutput output)
			throws Exception {
		try (TestServer server = TestServer.start();
				UdpProxy proxy = UdpProxy.to(server.address(), 5);
				WireClient client = WireClient.create(HASTY)) {
			WireConnection connection = get(client.connect(server.address()));
			connection.get("/never");
			server.awaitStarted(1);
			server.shutDown();
			get(connection.goAway(2));
			for (Direction direction : Direction.values()) {
				proxy.drop(direction, loss);
			}
			String before = output.getAll();
			List<CompletableFuture<WireConnection>> attempts = storm(client, proxy);
			for (CompletableFuture<WireConnection> attempt : attempts) {
				assertRefused(attempt);
			}
			assertThat(output.getAll().substring(before.length())).isEmpty();
			assertThat(server.server().getTotals().connections().accepted()).isOne();
			server.stop();
			assertThat(server.verdict().connections().refused()).isEqualTo(ATTEMPTS);
			assertThat(server.server().getTotals().connections().refused()).isEqualTo(ATTEMPTS);
			assertThat(server.server().getTotals().connections().handshakeFailures()).isZero();
			assertThat(output.getAll().lines().filter((line) -> line.contains("refused"))).singleElement()
				.asString()
				.contains(ATTEMPTS + " refused");
		}
	}

	@Test
	void noClientHasConnectedWhenThereAreTooManyAndALaterOneIsServed(CapturedOutput output) throws Exception {
		try (TestServer server = TestServer.start("http3.server.max-connections=1");
				UdpProxy proxy = UdpProxy.to(server.address());
				WireClient client = WireClient.create(HASTY)) {
			WireConnection first = get(client.connect(server.address()));
			for (CompletableFuture<WireConnection> attempt : storm(client, proxy)) {
				assertRefused(attempt);
			}
			assertThat(server.server().getTotals().connections().refused()).isEqualTo(ATTEMPTS);
			assertThat(output.getAll().lines().filter((line) -> line.contains("limit of 1 connections"))).hasSize(1);
			first.close();
			WireConnection later = connectOnceThereIsRoom(client, server);
			assertThat(get(later.get("/hello").response()).bodyAsString()).isEqualTo("hello");
		}
	}

	@Test
	void clientOfAnotherStackIsRefusedBeforeAnyPacketOfTheHandshake(@TempDir Path directory) throws Exception {
		assumeThat(isInstalled() || System.getenv("CI") != null).isTrue();
		File output = directory.resolve("output").toFile();
		try (TestServer server = TestServer.start(); WireClient client = WireClient.create()) {
			get(client.connect(server.address())).get("/never");
			server.awaitStarted(1);
			server.shutDown();
			Process process = new ProcessBuilder(INDEPENDENT_CLIENT, "127.0.0.1",
					String.valueOf(server.address().getPort()), "https://localhost/hello")
				.redirectErrorStream(true)
				.redirectOutput(output)
				.start();
			try {
				assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
			}
			finally {
				process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
			}
			List<String> received = Files.readAllLines(output.toPath())
				.stream()
				.filter((line) -> line.contains(" rx ") && line.contains("Initial"))
				.toList();
			assertThat(received).anyMatch((line) -> line.contains("CONNECTION_CLOSE(0x1c)") && line.contains("0x2"))
				.noneMatch((line) -> line.contains("CRYPTO"));
			assertThat(Files.readString(output.toPath())).doesNotContain("handshake has completed");
		}
	}

	/**
	 * Connect again and again for half a second.
	 */
	private static List<CompletableFuture<WireConnection>> storm(WireClient client, UdpProxy proxy) throws Exception {
		List<CompletableFuture<WireConnection>> attempts = new ArrayList<>();
		long start = System.nanoTime();
		for (int number = 0; number < ATTEMPTS; number++) {
			long due = start + number * Duration.ofMillis(500).toNanos() / ATTEMPTS;
			TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
			attempts.add(client.connect(proxy.address()));
		}
		return attempts;
	}

	private static WireConnection connectOnceThereIsRoom(WireClient client, TestServer server) throws Exception {
		long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
		while (true) {
			try {
				return get(client.connect(server.address()));
			}
			catch (ExecutionException ex) {
				// The first connection has not ended for the server yet
				if (System.nanoTime() > end) {
					throw ex;
				}
			}
		}
	}

	private static void assertRefused(CompletableFuture<WireConnection> attempt) {
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(attempt))
			.havingCause()
			.isInstanceOfSatisfying(ConnectionClosedException.class,
					(ex) -> assertThat(ex.closeFrame()).isEqualTo(REFUSED));
	}

	private static boolean isInstalled() {
		for (String directory : System.getenv("PATH").split(File.pathSeparator)) {
			if (Files.isExecutable(Path.of(directory, INDEPENDENT_CLIENT))) {
				return true;
			}
		}
		return false;
	}

}
