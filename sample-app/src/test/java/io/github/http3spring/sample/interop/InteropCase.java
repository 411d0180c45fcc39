package io.github.http3spring.sample.interop;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.http3spring.sample.SampleProcess;
import io.github.http3spring.wire.BodyPattern;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.UdpProxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a client and the server do together. The quick ones run with every build, for all
 * clients but browsers.
 */
enum InteropCase {

	GET("GET", true) {

		@Override
		String run(InteropBench bench) throws Exception {
			assertThat(bench.open().get("/hello")).isEqualTo(Answers.of("hello"));
			return "200";
		}

	},

	POST("POST", true) {

		@Override
		String run(InteropBench bench) throws Exception {
			assertThat(bench.open().post("/count", 1000)).isEqualTo(Answers.of("1000"));
			return "200";
		}

	},

	DOWNLOAD("10 MB from the server", false) {

		@Override
		String run(InteropBench bench) throws Exception {
			assertThat(bench.open().get("/bytes/" + LARGE)).isEqualTo(pattern(LARGE));
			return "whole";
		}

	},

	UPLOAD("10 MB to the server", false) {

		@Override
		String run(InteropBench bench) throws Exception {
			assertThat(bench.open().post("/count", LARGE)).isEqualTo(Answers.of(String.valueOf(LARGE)));
			return "whole";
		}

	},

	ECHO("10 MB both ways at once", false) {

		@Override
		String run(InteropBench bench) throws Exception {
			assertThat(bench.open().post("/echo", LARGE)).isEqualTo(pattern(LARGE));
			return "whole";
		}

	},

	PARALLEL("100 requests at once, each takes half a second", true) {

		@Override
		String run(InteropBench bench) throws Exception {
			long start = System.nanoTime();
			assertThat(bench.open().many("/slow?millis=500", 100)).isEqualTo(100);
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(50));
			return "100 on " + count(bench.evidence().connections().size(), "connection");
		}

	},

	SEQUENCE("2,000 requests, one after the other", false) {

		@Override
		String run(InteropBench bench) throws Exception {
			assertThat(bench.open().each("/hello", 2000)).isEqualTo(2000);
			return "2,000 on " + count(bench.evidence().connections().size(), "connection");
		}

	},

	RESUMPTION("the next connection resumes the TLS session", true) {

		@Override
		String run(InteropBench bench) throws Exception {
			InteropSession session = bench.open();
			assertThat(session.get("/hello")).isEqualTo(Answers.of("hello"));
			session.disconnect();
			assertThat(session.get("/hello")).isEqualTo(Answers.of("hello"));
			WireEvidence evidence = bench.evidence();
			List<String> connections = evidence.connections();
			assertThat(connections).hasSize(2);
			int whole = evidence.handshakeBytes(connections.get(0));
			int resumed = evidence.handshakeBytes(connections.get(1));
			assertThat(resumed).isBetween(1, whole / 2);
			return "without a certificate";
		}

	},

	EARLY_DATA("0-RTT", true) {

		@Override
		String run(InteropBench bench) throws Exception {
			InteropSession session = bench.open();
			assertThat(session.get("/hello")).isEqualTo(Answers.of("hello"));
			// The end of the handshake comes late
			bench.path().delay(Direction.TO_SERVER, Duration.ofSeconds(1), Duration.ZERO);
			assertThat(session.early("/bytes/3000")).isEqualTo(pattern(3000));
			assertThat(bench.evidence().earlyPackets()).isPositive();
			WireEvidence evidence = bench.evidence();
			assertThat(evidence.earlyAnswer()).as("more than settings: %s", evidence).isGreaterThan(1000);
			return "answered before the end of the handshake";
		}

	},

	KEY_UPDATE("key update", true) {

		@Override
		String run(InteropBench bench) throws Exception {
			slow(bench.path());
			assertThat(bench.open().update("/bytes/2000000")).isEqualTo(pattern(2_000_000));
			return "whole";
		}

	},

	LOSS("handshakes with 30 % of datagrams lost in either direction", false) {

		@Override
		String run(InteropBench bench) throws Exception {
			Stream.of(Direction.values()).forEach((direction) -> bench.path().drop(direction, 0.3));
			for (int number = 0; number < LOSSY_HANDSHAKES; number++) {
				try (InteropSession session = bench.open()) {
					assertThat(session.get("/hello")).isEqualTo(Answers.of("hello"));
				}
			}
			assertThat(bench.path().dropped(Direction.TO_SERVER)).isPositive();
			assertThat(bench.path().dropped(Direction.TO_CLIENT)).isPositive();
			return LOSSY_HANDSHAKES + " of " + LOSSY_HANDSHAKES;
		}

	},

	REBINDING("the address of the client changes during a download", true) {

		@Override
		String run(InteropBench bench) throws Exception {
			UdpProxy path = bench.path();
			slow(path);
			InteropSession session = bench.open();
			CompletableFuture<String> response = async(() -> session.get("/bytes/" + MOVED));
			await().atMost(SampleProcess.TIMEOUT)
				.pollInterval(Duration.ofMillis(2))
				.until(() -> response.isDone() || path.forwarded(Direction.TO_CLIENT) > 100);
			path.rebind();
			long before = path.forwarded(Direction.TO_CLIENT);
			assertThat(get(response)).isEqualTo(pattern(MOVED));
			assertThat(path.forwarded(Direction.TO_CLIENT) - before).as("datagrams to the new address")
				.isGreaterThan(100);
			assertThat(bench.evidence().connections()).hasSize(1);
			return "whole";
		}

	},

	SHUTDOWN("SIGTERM with a request in flight", false) {

		@Override
		String run(InteropBench bench) throws Exception {
			InteropSession session = bench.open();
			assertThat(session.get("/hello")).isEqualTo(Answers.of("hello"));
			long before = bench.path().forwarded(Direction.TO_SERVER);
			CompletableFuture<String> response = async(() -> session.get("/slow?millis=3000"));
			await().atMost(SampleProcess.TIMEOUT).until(() -> bench.path().forwarded(Direction.TO_SERVER) > before + 1);
			// The request is there: what was sent before it are acknowledgements
			TimeUnit.MILLISECONDS.sleep(500);
			bench.sample().terminate();
			assertThat(get(response)).isEqualTo(Answers.of("done"));
			assertThat(bench.sample().awaitExit(SampleProcess.TIMEOUT)).isEqualTo(143);
			assertThat(bench.sample().log()).contains("HTTP/3 shutdown complete");
			return "whole, and the process ends";
		}

	};

	private static final int LARGE = 10_000_000;

	private static final int MOVED = 2_000_000;

	private static final int LOSSY_HANDSHAKES = 5;

	private final String title;

	private final boolean quick;

	InteropCase(String title, boolean quick) {
		this.title = title;
		this.quick = quick;
	}

	/**
	 * Run the case, and fail unless it goes well.
	 * @return what was seen
	 */
	abstract String run(InteropBench bench) throws Exception;

	boolean isQuick() {
		return this.quick;
	}

	/**
	 * Return whether the server does not outlive it.
	 */
	boolean endsServer() {
		return this == SHUTDOWN;
	}

	private static String pattern(int size) {
		return Answers.of(200, BodyPattern.bytes(size));
	}

	/**
	 * Make a path so long that downloads last for some round trips.
	 */
	private static void slow(UdpProxy path) {
		Stream.of(Direction.values())
			.forEach((direction) -> path.delay(direction, Duration.ofMillis(10), Duration.ZERO));
	}

	private static String count(int number, String thing) {
		return number + " " + thing + ((number == 1) ? "" : "s");
	}

	private static CompletableFuture<String> async(Request request) {
		return CompletableFuture.supplyAsync(() -> {
			try {
				return request.send();
			}
			catch (Exception ex) {
				throw new CompletionException(ex);
			}
		}, (task) -> new Thread(task, "request").start());
	}

	private static String get(CompletableFuture<String> response) throws Exception {
		return response.get(SampleProcess.TIMEOUT.toSeconds(), TimeUnit.SECONDS);
	}

	@Override
	public String toString() {
		return this.title;
	}

	/**
	 * A request that blocks until its response is there.
	 */
	@FunctionalInterface
	private interface Request {

		String send() throws Exception;

	}

}
