package io.github.http3spring;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Firefox with an authority of one's own and the setting that
 * {@code docs/local-certificates.md} names. Runs where Firefox and certutil are
 * installed.
 */
@EnabledIf(value = "isInstalled", disabledReason = "needs Firefox ESR and certutil")
class FirefoxIT {

	@TempDir(cleanup = CleanupMode.NEVER)
	static Path directory;

	static boolean isInstalled() {
		return BrowserKind.FIREFOX.isInstalled() && Files.isExecutable(Path.of("/usr/bin/certutil"));
	}

	@Test
	void changesOverToHttp3WithTheSetting() throws Exception {
		Path keyStore = TestKeyStore.createSigned(directory.resolve("server.p12"), "localhost");
		try (ConfigurableApplicationContext context = TestApplication.builder(keyStore)
			.sources(PagedApplication.class)
			.properties("server.http2.enabled=true", "http3.server.shutdown.grace-period=1s")
			.run();
				Browser browser = new Browser(BrowserKind.FIREFOX, TestApplication.tcpPort(context), keyStore,
						Files.createTempDirectory(directory, "profile"))) {
			await().atMost(Duration.ofMinutes(1))
				.until(() -> browser.fetches().stream().anyMatch(Browser.Fetch::isHttp3));
			assertThat(browser.fetches()).noneMatch(Browser.Fetch::hasFailed);
		}
	}

}
