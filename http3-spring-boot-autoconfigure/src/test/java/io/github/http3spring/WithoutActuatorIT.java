package io.github.http3spring;

import java.nio.file.Path;
import java.util.List;

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

	private static final String LOSSLESS = "stopped without a loss";

	@Test
	void applicationStartsAndShutsDown(@TempDir Path directory) throws Exception {
		TestProcess process = TestProcess.run(Application.class,
				(entry) -> entry.contains("actuator") || entry.contains("micrometer-core"), directory);
		assertThat(process.output()).contains(LOSSLESS);
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
