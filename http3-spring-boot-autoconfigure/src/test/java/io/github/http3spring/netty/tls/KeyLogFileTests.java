package io.github.http3spring.netty.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import javax.net.ssl.SSLEngine;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link KeyLogFile}.
 */
class KeyLogFileTests {

	@TempDir
	Path directory;

	private final SSLEngine engine = mock();

	private Path file;

	@BeforeEach
	void chooseFile() {
		this.file = this.directory.resolve("keys");
	}

	@Test
	void eachSecretIsALineThatIsThereAtOnce() throws IOException {
		KeyLogFile keyLog = KeyLogFile.open(this.file);
		assertThat(this.file).isEmptyFile();
		keyLog.logKey(this.engine, "CLIENT_RANDOM 01 02");
		assertThat(this.file).hasContent("CLIENT_RANDOM 01 02\n");
		keyLog.logKey(this.engine, "CLIENT_RANDOM 03 04");
		assertThat(Files.readAllLines(this.file)).containsExactly("CLIENT_RANDOM 01 02", "CLIENT_RANDOM 03 04");
	}

	@Test
	void fileThatIsThereKeepsItsContent() throws IOException {
		Files.writeString(this.file, "CLIENT_RANDOM 01 02\n");
		KeyLogFile.open(this.file).logKey(this.engine, "CLIENT_RANDOM 03 04");
		assertThat(Files.readAllLines(this.file)).containsExactly("CLIENT_RANDOM 01 02", "CLIENT_RANDOM 03 04");
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void onlyTheOwnerMayReadIt() throws IOException {
		KeyLogFile.open(this.file);
		assertThat(Files.getPosixFilePermissions(this.file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
		Path readable = Files.createFile(this.directory.resolve("readable"));
		Files.setPosixFilePermissions(readable, PosixFilePermissions.fromString("rw-r--r--"));
		KeyLogFile.open(readable);
		assertThat(Files.getPosixFilePermissions(readable)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
	}

	@Test
	void directoryThatIsNotThereIsFoundAtTheStart() {
		Path missing = this.directory.resolve("missing").resolve("keys");
		assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> KeyLogFile.open(missing));
	}

	@Test
	void nothingIsWrittenAfterAFailure() throws IOException {
		KeyLogFile keyLog = KeyLogFile.open(this.file);
		Files.delete(this.file);
		keyLog.logKey(this.engine, "CLIENT_RANDOM 01 02");
		assertThat(this.file).doesNotExist();
		Files.createFile(this.file);
		keyLog.logKey(this.engine, "CLIENT_RANDOM 03 04");
		assertThat(this.file).isEmptyFile();
	}

}
