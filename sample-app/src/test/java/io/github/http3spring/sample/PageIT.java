package io.github.http3spring.sample;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What somebody sees who opens the page of the sample in Chromium, lets requests be slow
 * and shuts first the connection and then the server down. Pictures are in
 * {@code target/page}.
 */
@EnabledIf(value = "isInstalled", disabledReason = "needs Chromium, and playwright-core in NODE_PATH")
class PageIT {

	private static final Path SCRIPT = ClientPrograms.SOURCES.resolve("chromium/page.mjs");

	static boolean isInstalled() {
		return System.getenv("CI") != null || ClientPrograms.hasChromium();
	}

	@Test
	void showsShutdownInBrowserThatHasChangedOverToHttp3() throws Exception {
		Path pictures = Files.createDirectories(Path.of("target", "page"));
		Path output = pictures.resolve("output.txt");
		try (SampleProcess sample = SampleProcess.serve()) {
			Process browser = new ProcessBuilder("node", SCRIPT.toString(), ClientPrograms.CHROMIUM.toString(),
					String.valueOf(sample.udpPort()), SampleCertificate.publicKeyHash(), pictures.toString())
				.redirectErrorStream(true)
				.redirectOutput(output.toFile())
				.start();
			try {
				assertThat(browser.waitFor(3, TimeUnit.MINUTES)).isTrue();
			}
			finally {
				browser.descendants().forEach(ProcessHandle::destroyForcibly);
				browser.destroyForcibly();
			}
			List<String> lines = Files.readAllLines(output);
			assertThat(lines.subList(0, lines.size() - 1)).containsExactly(
					"first: This page talks HTTP/2 to the server. Alt-Svc has told the browser of HTTP/3: it changes over "
							+ "within a few requests.",
					"then: This page talks HTTP/3 to the server.", "wider than a phone: false", "requests: 6",
					"complete: 6", "over HTTP/3: 6", "failed: 0");
			// Others may be over before they are looked at
			assertThat(lines).last(InstanceOfAssertFactories.STRING).contains(" OPEN", " GOAWAY", " COMPLETING ");
			assertThat(sample.awaitExit(SampleProcess.TIMEOUT)).isZero();
			assertThat(sample.log()).contains("HTTP/3 shutdown complete in ").doesNotContain("LEAK: ", " ERROR ");
		}
		assertThat(pictures).isDirectoryContaining("glob:**/before.png").isDirectoryContaining("glob:**/after.png");
	}

}
