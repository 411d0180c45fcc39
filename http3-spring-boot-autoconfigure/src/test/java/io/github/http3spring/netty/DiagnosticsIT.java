package io.github.http3spring.netty;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.http3spring.TestContextRunner;
import io.github.http3spring.TestKeyStore;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireResponse;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * What the server writes for those who look into QUIC, and what qlog files tell of the
 * packets that it sends.
 */
@Timeout(60)
@Isolated("captures the output")
@ExtendWith(OutputCaptureExtension.class)
class DiagnosticsIT {

	private static final String PREFIX = "http3.server.quic.";

	private static final int LARGE = 300_000;

	private static ReactiveWebApplicationContextRunner runner;

	@TempDir
	private Path directory;

	@BeforeAll
	static void createKeyStore(@TempDir Path directory) throws Exception {
		runner = TestContextRunner.withTls(TestKeyStore.create(directory.resolve("server.p12"), "localhost"))
			.withBean(RouterFunction.class,
					() -> RouterFunctions.route()
						.GET("/large", (request) -> ServerResponse.ok().bodyValue(new byte[LARGE]))
						.build());
	}

	@Test
	void eachConnectionWritesAQlogFileToADirectoryThatIsCreated(CapturedOutput output) throws Exception {
		Path qlogs = this.directory.resolve("not/yet/there");
		runner.withPropertyValues(PREFIX + "qlog-directory=" + qlogs).run((context) -> {
			download(port(context));
			download(port(context));
		});
		assertThat(files(qlogs)).hasSize(2).allSatisfy((file) -> assertThat(file).content().contains(":packet_sent"));
		assertThat(output).containsOnlyOnce("writes a qlog file to " + qlogs);
	}

	@Test
	void qlogDirectoryThatIsNoDirectoryFailsTheStart() throws Exception {
		Path file = Files.createFile(this.directory.resolve("file"));
		assertRefused("qlog-directory", file);
	}

	@Test
	void secretsOfConnectionsAreAppendedToTheKeyLog(CapturedOutput output) throws Exception {
		Path keyLog = this.directory.resolve("keys.log");
		runner.withPropertyValues(PREFIX + "key-log=" + keyLog).run((context) -> {
			download(port(context));
			assertThat(Files.getPosixFilePermissions(keyLog)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
			assertThat(secrets(keyLog)).hasSize(1);
			download(port(context));
			assertThat(secrets(keyLog)).hasSize(2).doesNotHaveDuplicates();
		});
		assertThat(output).containsOnlyOnce("written to " + keyLog).doesNotContain(secrets(keyLog).get(0));
	}

	@Test
	void keyLogThatOthersCanReadIsHiddenFromThem() throws Exception {
		Path keyLog = Files.createFile(this.directory.resolve("keys.log"),
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
		runner.withPropertyValues(PREFIX + "key-log=" + keyLog)
			.run((context) -> assertThat(Files.getPosixFilePermissions(keyLog))
				.isEqualTo(PosixFilePermissions.fromString("rw-------")));
	}

	@Test
	void keyLogThatCannotBeWrittenFailsTheStart() {
		assertRefused("key-log", this.directory.resolve("missing/keys.log"));
		assertRefused("key-log", this.directory);
	}

	@Test
	void packetsGrowWhenThePathIsProbedAlthoughPacketsAreLost() throws Exception {
		assumeThat(PathMtuIT.CAN_BE_DISCOVERED).isTrue();
		runner.withPropertyValues(PREFIX + "qlog-directory=" + this.directory).run((context) -> {
			InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port(context));
			try (UdpProxy proxy = UdpProxy.to(server, 3)) {
				for (Direction direction : Direction.values()) {
					proxy.drop(direction, 0.05);
				}
				download(proxy.address().getPort());
			}
		});
		assertThat(files(this.directory)).singleElement()
			.satisfies((file) -> assertThat(file).content().contains("\"raw\":{\"length\":1452"));
	}

	@Test
	void packetsAreNoLargerThanEveryPathCarriesIfThePathIsNotProbed() throws Exception {
		runner.withPropertyValues(PREFIX + "discover-pmtu=false", PREFIX + "qlog-directory=" + this.directory)
			.run((context) -> download(port(context)));
		assertThat(files(this.directory)).singleElement()
			.satisfies((file) -> assertThat(file).content()
				.contains("\"raw\":{\"length\":1200")
				.doesNotContain("\"raw\":{\"length\":1452"));
	}

	private static void assertRefused(String property, Path value) {
		runner.withPropertyValues(PREFIX + property + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.asInstanceOf(InstanceOfAssertFactories.type(InvalidConfigurationPropertyValueException.class))
				.returns(PREFIX + property, InvalidConfigurationPropertyValueException::getName));
	}

	private static List<String> secrets(Path keyLog) throws IOException {
		return Files.readAllLines(keyLog)
			.stream()
			.filter((line) -> line.matches("CLIENT_TRAFFIC_SECRET_0 [0-9a-f]{64} [0-9a-f]{64,96}"))
			.toList();
	}

	private static List<Path> files(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.filter((file) -> file.toString().endsWith(".qlog")).toList();
		}
	}

	private static void download(int port) throws Exception {
		try (WireClient client = WireClient.create()) {
			WireConnection connection = client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
				.get(10, TimeUnit.SECONDS);
			WireResponse response = connection.get("/large").response().get(15, TimeUnit.SECONDS);
			assertThat(response.bodyLength()).isEqualTo(LARGE);
		}
	}

	private static int port(ApplicationContext context) {
		return context.getEnvironment().getRequiredProperty("local.http3.server.port", Integer.class);
	}

}
