package io.github.http3spring;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications without native libraries on their class path, as processes of their own.
 */
@Timeout(120)
class WithoutNativesIT {

	@TempDir
	Path directory;

	@Test
	void missingQuicLibraryIsReported() throws Exception {
		TestProcess process = TestProcess.run(Application.class, (entry) -> entry.contains("codec-native-quic"),
				this.directory);
		assertThat(process.exitValue()).isOne();
		assertThat(process.output())
			.contains("APPLICATION FAILED TO START",
					"HTTP/3 cannot use Netty's native QUIC library: there is none for ", "Action:",
					"Add the dependency 'io.netty.incubator:netty-incubator-codec-native-quic'",
					"set 'http3.server.enabled' to false")
			.doesNotContain("\tat ");
	}

	@Test
	void missingEpollIsWarnedOf() throws Exception {
		TestProcess process = TestProcess.run(Application.class, (entry) -> entry.contains("epoll"), this.directory);
		assertThat(process.output()).contains("HTTP/3 started on UDP port ", "(nio, 1 worker, ", "GSO off");
		assertThat(process.output().lines().filter((line) -> line.contains("epoll")))
			.hasSize(System.getProperty("os.name").equals("Linux") ? 1 : 0);
		assertThat(process.exitValue()).isZero();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	public static class Application {

		public static void main(String[] args) {
			SpringApplication.run(Application.class, args).close();
		}

	}

}
