package io.github.http3spring.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.development.DevelopmentCertificate;
import io.github.http3spring.sample.demo.PlainServer;
import io.github.http3spring.wire.ConnectionClosedException;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireEvent;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireResponse;
import org.junit.jupiter.api.Test;
import reactor.netty.http.Http3SslContextSpec;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The same shutdown of Reactor Netty's HTTP/3 server by itself and of the sample: what is
 * lost there and what is not lost here, as a Markdown table.
 */
class PlainReactorNettyIT {

	private static final int SLOW_MILLIS = 1500;

	/**
	 * A client that hears nothing gives up then.
	 */
	private static final WireOptions OPTIONS = WireOptions.defaults().withMaxIdleTimeout(Duration.ofSeconds(4));

	/**
	 * The downloads go on when the shutdown is under way.
	 */
	private static final Duration PAUSE = Duration.ofMillis(200);

	@Test
	void plainServerLosesWhatTheStarterCompletes() throws Exception {
		Figures plain;
		try (PlainServer server = PlainServer.start(tls())) {
			plain = stop(server.address(), server::stop);
		}
		Figures starter;
		// The profile makes it quiet, on a free port
		try (ConfigurableApplicationContext context = SpringApplication.run(SampleApplication.class,
				"--spring.profiles.active=demo")) {
			int port = Integer.parseInt(context.getEnvironment().getRequiredProperty("local.http3.server.port"));
			starter = stop(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), context::close);
		}
		print(plain, starter);
		assertThat(starter).isEqualTo(new Figures(20, 2, 7, 7, 0, starter.stopped(), starter.known()));
		assertThat(plain).isEqualTo(new Figures(0, 0, 0, 0, 7, plain.stopped(), plain.known()));
	}

	private static Http3SslContextSpec tls() throws IOException {
		DevelopmentCertificate files = SampleCertificate.files();
		return Http3SslContextSpec.forServer(files.privateKey().toFile(), null, files.certificate().toFile());
	}

	private static Figures stop(InetSocketAddress server, Runnable stop) {
		try (Workload workload = Workload.start(OPTIONS, server)) {
			workload.sendSlowRequests(SLOW_MILLIS);
			long start = System.nanoTime();
			CompletableFuture<Void> stopped = CompletableFuture.runAsync(stop,
					(task) -> new Thread(task, "stop").start());
			CompletableFuture<Duration> stopTime = stopped.thenApply((result) -> since(start));
			CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS)
				.execute(workload::resumeDownloads);
			List<CompletableFuture<WireEvent.Type>> ends = workload.connections()
				.stream()
				.map(PlainReactorNettyIT::end)
				.toList();
			CompletableFuture<Duration> known = CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new))
				.thenApply((result) -> since(start));
			assertThat(known).succeedsWithin(Duration.ofSeconds(20));
			assertThat(stopTime).succeedsWithin(Duration.ofSeconds(20));
			return new Figures(finishedSlow(workload),
					workload.downloads().stream().filter(Workload.Download::isComplete).count(),
					workload.connections().stream().filter((connection) -> !connection.goAwayIds().isEmpty()).count(),
					count(ends, WireEvent.Type.CONNECTION_CLOSE), count(ends, WireEvent.Type.IDLE_TIMEOUT),
					stopTime.join(), known.join());
		}
	}

	private static CompletableFuture<WireEvent.Type> end(WireConnection connection) {
		return connection.closed()
			.handle((frame, ex) -> (frame != null) ? WireEvent.Type.CONNECTION_CLOSE
					: ((ConnectionClosedException) ex.getCause()).type());
	}

	private static long finishedSlow(Workload workload) {
		return workload.slow().stream().map((slow) -> slow.response()).filter(PlainReactorNettyIT::isDone).count();
	}

	private static boolean isDone(CompletableFuture<WireResponse> response) {
		return response.isDone() && !response.isCompletedExceptionally()
				&& response.join().bodyAsString().equals("done");
	}

	private static long count(List<CompletableFuture<WireEvent.Type>> ends, WireEvent.Type type) {
		return ends.stream().filter((end) -> end.join() == type).count();
	}

	private static Duration since(long start) {
		return Duration.ofNanos(System.nanoTime() - start);
	}

	private static void print(Figures plain, Figures starter) {
		System.out.println();
		row("when the server stops", "Reactor Netty alone", "with the starter");
		row("---", "---", "---");
		row("slow requests finished", "%d of 20".formatted(plain.slow()), "%d of 20".formatted(starter.slow()));
		row("downloads complete (1 MB, 8 MB)", "%d of 2".formatted(plain.downloads()),
				"%d of 2".formatted(starter.downloads()));
		row("connections that got GOAWAY", "%d of 7".formatted(plain.goAways()),
				"%d of 7".formatted(starter.goAways()));
		row("connections that got CONNECTION_CLOSE", "%d of 7".formatted(plain.closes()),
				"%d of 7".formatted(starter.closes()));
		row("connections that ended by idle timeout of the client (4 s)", "%d of 7".formatted(plain.timeouts()),
				"%d of 7".formatted(starter.timeouts()));
		row("server stopped after", seconds(plain.stopped()), seconds(starter.stopped()));
		row("last client knew after", seconds(plain.known()), seconds(starter.known()));
		System.out.println();
	}

	private static void row(String what, String plain, String starter) {
		System.out.println("| %s | %s | %s |".formatted(what, plain, starter));
	}

	private static String seconds(Duration duration) {
		return String.format(Locale.ROOT, "%.2f s", duration.toMillis() / 1000d);
	}

	/**
	 * What the clients saw.
	 */
	private record Figures(long slow, long downloads, long goAways, long closes, long timeouts, Duration stopped,
			Duration known) {
	}

}
