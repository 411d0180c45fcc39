package io.github.http3spring.autoconfigure;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.http3spring.TestContextRunner;
import io.github.http3spring.TestHttpClient;
import io.github.http3spring.TestKeyStore;
import io.github.http3spring.context.LocalHttp3ServerPort;
import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.Http3ServerCustomizer;
import io.github.http3spring.server.UdpPortInUseException;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.embedded.netty.NettyServerCustomizer;
import org.springframework.boot.web.reactive.context.ReactiveWebServerInitializedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the UDP port that the HTTP/3 server takes.
 */
@Isolated("counts threads and captures the output")
@ExtendWith(OutputCaptureExtension.class)
class Http3ServerPortTests {

	@TempDir
	static Path directory;

	private static Path keyStore;

	private final ReactiveWebApplicationContextRunner runner = TestContextRunner.withTls(keyStore)
		.withPropertyValues("http3.server.udp.bind-timeout=200ms");

	@BeforeAll
	static void createKeyStore() throws Exception {
		keyStore = TestKeyStore.create(directory.resolve("server.p12"), "localhost");
	}

	@Test
	void portThatIsTakenFailsTheStart() throws SocketException {
		try (DatagramSocket taken = udpSocket(0)) {
			int port = taken.getLocalPort();
			this.runner.withPropertyValues("http3.server.port=" + port)
				.run((context) -> assertThat(context).getFailure()
					.satisfies((failure) -> assertPortInUse(failure, port)));
		}
		assertNoEventLoopIsLeft();
	}

	@Test
	void portOfTheTcpServerThatIsTakenForUdpFailsTheStart() throws SocketException {
		try (DatagramSocket taken = udpSocket(0)) {
			int port = taken.getLocalPort();
			this.runner.withPropertyValues("server.port=" + port)
				.run((context) -> assertThat(context).getFailure()
					.satisfies((failure) -> assertPortInUse(failure, port)));
		}
		assertNoEventLoopIsLeft();
	}

	@Test
	void portThatIsFreedInTimeIsWaitedFor(CapturedOutput output) throws SocketException {
		DatagramSocket taken = udpSocket(0);
		int port = taken.getLocalPort();
		CompletableFuture<Void> freed = CompletableFuture.runAsync(() -> {
			await().atMost(Duration.ofSeconds(20))
				.until(() -> output.getOut().contains("UDP port " + port + " is already in use, perhaps by a process"));
			taken.close();
		});
		this.runner.withPropertyValues("server.port=" + port, "http3.server.udp.bind-timeout=20s").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(freed).isCompleted();
			assertThat(http3Port(context)).isEqualTo(tcpPort(context)).isEqualTo(port);
		});
	}

	@Test
	void portOfAnotherHttp3ServerFailsTheStart() {
		this.runner.run((first) -> {
			int port = http3Port(first);
			this.runner.withPropertyValues("http3.server.port=" + port)
				.run((second) -> assertThat(second).getFailure()
					.satisfies((failure) -> assertPortInUse(failure, port)));
			assertThat(first.getBean(Http3Server.class).getPort()).isEqualTo(port);
		});
	}

	@Test
	void portThatIsTakenIsReportedByTheApplication(CapturedOutput output) throws SocketException {
		try (DatagramSocket taken = udpSocket(0)) {
			SpringApplicationBuilder application = TestContextRunner.application(Application.class, keyStore)
				.properties("http3.server.port=" + taken.getLocalPort(), "http3.server.udp.bind-timeout=0");
			assertThatExceptionOfType(Exception.class).isThrownBy(application::run);
			assertThat(output.getOut()).contains("APPLICATION FAILED TO START",
					"UDP port " + taken.getLocalPort() + " was already in use.", "Action:", "'http3.server.port'");
		}
	}

	@Test
	void tcpPortThatIsTakenIsReportedAsEver(CapturedOutput output) throws IOException {
		try (ServerSocket taken = new ServerSocket(0, 0, InetAddress.getByName("127.0.0.1"))) {
			SpringApplicationBuilder application = TestContextRunner.application(Application.class, keyStore)
				.properties("server.port=" + taken.getLocalPort());
			assertThatExceptionOfType(Exception.class).isThrownBy(application::run);
			assertThat(output.getOut())
				.contains("APPLICATION FAILED TO START", "Port " + taken.getLocalPort() + " was already in use.")
				.doesNotContain("UDP", "http3.server.port");
		}
	}

	@Test
	void bothServersHaveTheSameNumberByDefault() {
		this.runner.run((context) -> {
			assertThat(http3Port(context)).isPositive().isEqualTo(tcpPort(context));
			assertThat(context.getBean(Http3Server.class).getPort()).isEqualTo(http3Port(context));
		});
	}

	@Test
	void freePortIsTakenWhenTheChosenNumberOfTheTcpServerIsTakenForUdp(CapturedOutput output) {
		this.runner.withUserConfiguration(Rival.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(Rival.class).port()).isEqualTo(tcpPort(context));
			assertThat(http3Port(context)).isPositive().isNotEqualTo(tcpPort(context));
			assertThat(output.getOut()).contains("UDP port " + tcpPort(context) + " is taken");
			try (TestHttpClient client = new TestHttpClient()) {
				HttpHeaders headers = TestHttpClient.headers(client.tcp(tcpPort(context)), "/peer");
				assertThat(headers.get("Alt-Svc")).startsWith("h3=\":" + http3Port(context) + "\"");
				assertThat(TestHttpClient.get(client.http3(http3Port(context)), "/peer")).isNotEmpty();
			}
		});
	}

	@Test
	void portOfItsOwnIsTaken() throws SocketException {
		int port;
		try (DatagramSocket free = udpSocket(0)) {
			port = free.getLocalPort();
		}
		this.runner.withPropertyValues("http3.server.port=" + port).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(http3Port(context)).isEqualTo(port);
		});
	}

	@Test
	void portZeroOfItsOwnIsAnyFreePort() {
		this.runner.withPropertyValues("http3.server.port=0").run((context) -> {
			int port = http3Port(context);
			assertThat(port).isPositive().isNotEqualTo(tcpPort(context));
			assertUdpPortIsTaken(port);
		});
	}

	@Test
	void portIsFreeAgainAfterTheContextIsClosed() {
		int[] port = new int[1];
		this.runner.run((context) -> port[0] = http3Port(context));
		this.runner.withPropertyValues("http3.server.port=" + port[0])
			.run((context) -> assertThat(http3Port(context)).isEqualTo(port[0]));
	}

	@Test
	void addressOfItsOwnIsBound() {
		this.runner.withPropertyValues("http3.server.address=127.0.0.2", "http3.server.port=0").run((context) -> {
			int port = http3Port(context);
			try (DatagramSocket free = udpSocket(port)) {
				assertThat(free.isBound()).isTrue();
			}
		});
	}

	@Test
	void addressOfACustomizerOfTheTcpServerIsBound() {
		this.runner.withBean(NettyServerCustomizer.class, () -> (server) -> server.host("127.0.0.2")).run((context) -> {
			assertThat(http3Port(context)).isEqualTo(tcpPort(context));
			assertBoundToSecondLoopbackAddress(context);
		});
	}

	@Test
	void portOfACustomizerOfTheTcpServerIsTaken() throws SocketException {
		int port;
		try (DatagramSocket free = udpSocket(0)) {
			port = free.getLocalPort();
		}
		this.runner.withBean(NettyServerCustomizer.class, () -> (server) -> server.port(port)).run((context) -> {
			assertThat(tcpPort(context)).isEqualTo(port);
			assertThat(http3Port(context)).isEqualTo(port);
			assertUdpPortIsTaken(port);
		});
	}

	@Test
	void addressOfItsOwnIsBoundRatherThanThatOfACustomizerOfTheTcpServer() {
		this.runner.withBean(NettyServerCustomizer.class, () -> (server) -> server.host("127.0.0.3"))
			.withPropertyValues("http3.server.address=127.0.0.2")
			.run(Http3ServerPortTests::assertBoundToSecondLoopbackAddress);
	}

	@Test
	void customizerOfTheServerHasTheLastWordOnItsAddress() {
		this.runner
			.withBean(Http3ServerCustomizer.class,
					() -> (server) -> server.bindAddress(() -> new InetSocketAddress("127.0.0.2", 0)))
			.run(Http3ServerPortTests::assertBoundToSecondLoopbackAddress);
	}

	private static void assertBoundToSecondLoopbackAddress(ApplicationContext context) throws SocketException {
		int port = http3Port(context);
		assertThat(port).isPositive();
		assertThatExceptionOfType(SocketException.class)
			.isThrownBy(() -> new DatagramSocket(new InetSocketAddress("127.0.0.2", port)).close());
		try (DatagramSocket free = udpSocket(port)) {
			assertThat(free.isBound()).isTrue();
		}
	}

	@Test
	void portIsInjected() {
		this.runner.withUserConfiguration(PortUser.class)
			.run((context) -> assertThat(context.getBean(PortUser.class).port).isEqualTo(http3Port(context)));
	}

	private static void assertPortInUse(Throwable failure, int port) {
		Throwable cause = failure;
		while (cause != null && !(cause instanceof UdpPortInUseException)) {
			cause = cause.getCause();
		}
		assertThat(cause).isInstanceOfSatisfying(UdpPortInUseException.class,
				(portInUse) -> assertThat(portInUse).hasMessage("UDP port " + port + " is already in use")
					.extracting(UdpPortInUseException::getPort)
					.isEqualTo(port));
	}

	private static void assertUdpPortIsTaken(int port) {
		assertThatExceptionOfType(SocketException.class).isThrownBy(() -> udpSocket(port).close());
	}

	private static void assertNoEventLoopIsLeft() {
		await().atMost(TestHttpClient.TIMEOUT)
			.untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
				.noneMatch((name) -> name.startsWith("http3-")));
	}

	private static int http3Port(ApplicationContext context) {
		return context.getEnvironment().getRequiredProperty("local.http3.server.port", Integer.class);
	}

	private static int tcpPort(ApplicationContext context) {
		return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	private static DatagramSocket udpSocket(int port) throws SocketException {
		return new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	/**
	 * Takes the UDP port between the starts of both servers.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Rival {

		private DatagramSocket socket;

		@EventListener
		void tcpServerStarted(ReactiveWebServerInitializedEvent event) throws SocketException {
			this.socket = udpSocket(event.getWebServer().getPort());
		}

		int port() {
			return this.socket.getLocalPort();
		}

		@Bean(destroyMethod = "close")
		@Lazy
		AutoCloseable rivalSocket() {
			return this.socket;
		}

	}

	@Lazy
	@Configuration(proxyBeanMethods = false)
	static class PortUser {

		@LocalHttp3ServerPort
		int port;

	}

}
