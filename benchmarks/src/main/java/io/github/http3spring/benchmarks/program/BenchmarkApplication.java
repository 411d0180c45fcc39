package io.github.http3spring.benchmarks.program;

import java.util.Arrays;
import java.util.Map;

import org.springframework.boot.SpringApplication;

/**
 * Starts an application with the starter, as a user would: nothing is set but port, TLS
 * and one worker.
 */
final class BenchmarkApplication {

	private BenchmarkApplication() {
	}

	static void run(Class<?> configuration, String... args) {
		SpringApplication application = new SpringApplication(configuration);
		application.setDefaultProperties(Map.of("server.address", "127.0.0.1", "server.port", args[0],
				"server.http2.enabled", "true", "server.ssl.key-store", "file:" + args[1],
				"server.ssl.key-store-password", Keys.PASSWORD, "server.ssl.key-store-type", "PKCS12",
				"http3.server.workers", "1", "http3.server.quic.max-idle-timeout", Windows.IDLE_SECONDS + "s"));
		application.run(Arrays.copyOfRange(args, 2, args.length));
	}

}
