package io.github.http3spring;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.ShutdownVerdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application with neither Actuator nor Micrometer's meters on its class path, as a
 * process of its own.
 */
@Timeout(120)
class WithoutActuatorIT {

	private static final int TIMEOUT_SECONDS = 60;

	private static final String LOSSLESS = "stopped without a loss";

	@Test
	void applicationStartsAndShutsDown(@TempDir Path directory) throws Exception {
		Path keyStore = TestKeyStore.create(directory.resolve("server.p12"), "localhost");
		String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !entry.contains("actuator") && !entry.contains("micrometer-core"))
			.collect(Collectors.joining(File.pathSeparator));
		Path output = directory.resolve("output");
		Process process = new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-cp", classPath, Application.class.getName(), "--server.port=0", "--server.address=127.0.0.1",
				"--server.ssl.key-store=" + keyStore, "--server.ssl.key-store-password=" + TestKeyStore.PASSWORD))
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		try {
			assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			process.destroyForcibly();
		}
		assertThat(Files.readString(output)).contains(LOSSLESS);
		assertThat(process.exitValue()).isZero();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	public static class Application {

		public static void main(String[] args) {
			for (String name : List.of("org.springframework.boot.actuate.endpoint.annotation.Endpoint",
					"io.micrometer.core.instrument.MeterRegistry")) {
				if (ClassUtils.isPresent(name, null)) {
					throw new IllegalStateException(name + " is on the class path");
				}
			}
			Http3Server server;
			try (ConfigurableApplicationContext context = SpringApplication.run(Application.class, args)) {
				server = context.getBean(Http3Server.class);
			}
			System.out.println(server.getShutdownVerdict()
				.filter(ShutdownVerdict::isLossless)
				.map((verdict) -> LOSSLESS)
				.orElse(""));
		}

	}

}
