package io.github.http3spring.development;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link DevelopmentCertificate}.
 */
class DevelopmentCertificateTests {

	private static final Instant NOW = Instant.parse("2026-11-29T00:00:00Z");

	@TempDir
	Path temporary;

	private Path directory;

	@BeforeEach
	void nameDirectoryThatIsNotThere() {
		this.directory = this.temporary.resolve("a/b");
	}

	@Test
	void isMadeWithItsKeyAndDirectory() throws Exception {
		DevelopmentCertificate made = DevelopmentCertificate.in(this.directory, NOW);
		assertThat(made.certificate()).isEqualTo(this.directory.resolve("localhost.pem"))
			.content()
			.startsWith("-----BEGIN CERTIFICATE-----\n")
			.endsWith("\n-----END CERTIFICATE-----\n");
		assertThat(made.privateKey()).content().startsWith("-----BEGIN PRIVATE KEY-----\n");
		try (var files = Files.list(this.directory)) {
			assertThat(files.map((file) -> file.getFileName().toString())).containsExactlyInAnyOrder(".lock",
					"localhost.pem", "localhost-key.pem");
		}
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void keyIsForItsOwnerAlone() throws Exception {
		DevelopmentCertificate made = DevelopmentCertificate.in(this.directory, NOW);
		assertThat(permissions(made.privateKey())).isEqualTo("rw-------");
		assertThat(permissions(this.directory)).isEqualTo("rwx------");
	}

	@Test
	void staysFromStartToStart() throws Exception {
		List<String> first = contents(NOW);
		assertThat(contents(NOW.plus(LoopbackCertificate.VALIDITY).minus(Duration.ofDays(20)))).isEqualTo(first);
	}

	@Test
	void isMadeAgainBeforeItExpires() throws Exception {
		List<String> first = contents(NOW);
		List<String> second = contents(NOW.plus(LoopbackCertificate.VALIDITY).minus(Duration.ofDays(10)));
		assertThat(second).doesNotContainAnyElementsOf(first);
	}

	@Test
	void isMadeAgainWhereItOrItsKeyIsMissingOrUnreadable() throws Exception {
		List<String> first = contents(NOW);
		Files.writeString(this.directory.resolve("localhost.pem"), "nonsense");
		List<String> second = contents(NOW);
		assertThat(second).doesNotContainAnyElementsOf(first);
		Files.delete(this.directory.resolve("localhost-key.pem"));
		assertThat(contents(NOW)).doesNotContainAnyElementsOf(second);
	}

	@Test
	void applicationsThatStartTogetherGetTheSame() throws Exception {
		List<String> certificates = IntStream.range(0, 8).parallel().mapToObj((number) -> {
			try {
				return String.join("", contents(NOW));
			}
			catch (IOException ex) {
				return ex.toString();
			}
		}).distinct().toList();
		assertThat(certificates).singleElement().asString().contains("BEGIN CERTIFICATE");
	}

	@Test
	void directoryThatIsAFileIsRefused() throws Exception {
		Path file = Files.createFile(this.temporary.resolve("file"));
		assertThatIOException().isThrownBy(() -> DevelopmentCertificate.in(file, NOW));
	}

	private List<String> contents(Instant now) throws IOException {
		DevelopmentCertificate files = DevelopmentCertificate.in(this.directory, now);
		return List.of(Files.readString(files.certificate()), Files.readString(files.privateKey()));
	}

	private static String permissions(Path path) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
	}

}
