package io.github.http3spring.netty.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.github.http3spring.server.UnusableQuicLibraryException;
import io.netty.util.internal.PlatformDependent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.fail;

/**
 * Tests for {@link QuicLibrary}.
 */
class QuicLibraryTests {

	private static final Throwable FAILURE = new UnsatisfiedLinkError("it cannot be opened");

	@Test
	void libraryThatCanBeLoadedIsUsed() {
		assertThatNoException().isThrownBy(() -> new QuicLibrary("linux-x86_64", false, true).check(() -> null));
		// As in an image that has it built in, or with java.library.path
		assertThatNoException().isThrownBy(() -> new QuicLibrary("linux-riscv64", false, false).check(() -> null));
	}

	@Test
	void libraryIsNotLoadedOnMusl() {
		assertThatExceptionOfType(UnusableQuicLibraryException.class)
			.isThrownBy(() -> new QuicLibrary("linux-x86_64", true, true).check(() -> fail("The library was loaded")))
			.withMessageContaining("glibc")
			.withNoCause()
			.satisfies((ex) -> assertThat(ex.getRemedy()).contains("Alpine"));
	}

	@Test
	void libraryThatIsMissingIsNamedByItsArtifact() {
		assertUnusable(new QuicLibrary("osx-aarch_64", false, false),
				"there is none for osx-aarch_64 on the class path",
				"'io.netty.incubator:netty-incubator-codec-native-quic' with the classifier 'osx-aarch_64'");
	}

	@Test
	void libraryOfThisPlatformIsFoundOnTheClassPath() {
		assertThat(QuicLibrary.isPackaged(PlatformDependent.normalizedOs(), PlatformDependent.normalizedArch()))
			.isTrue();
		assertThat(QuicLibrary.isPackaged("linux", "riscv64")).isFalse();
	}

	@Test
	void platformWithoutLibraryIsNamed() {
		assertUnusable(new QuicLibrary("linux-x86_32", false, false), "there is none for linux-x86_32",
				"Run the application on one of linux-aarch_64, linux-x86_64, osx-aarch_64, osx-x86_64, "
						+ "windows-x86_64.");
	}

	@Test
	void libraryThatCannotBeLoadedIsReportedWithTheReason() {
		assertUnusable(new QuicLibrary("linux-aarch_64", false, true), "it cannot be loaded: it cannot be opened",
				"noexec");
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			7f5d1c0a2000-7f5d1c0b6000 r-xp 00000000 fe:00 12 /lib/ld-musl-x86_64.so.1, true
			7f5d1c0a2000-7f5d1c0b6000 r-xp 00000000 fe:00 12 /usr/lib/libc.so, true
			7f5d1c0a2000-7f5d1c0b6000 r-xp 00000000 fe:00 12 /usr/lib/x86_64-linux-gnu/libc.so.6, false
			7f5d1c0a2000-7f5d1c0b6000 r-xp 00000000 fe:00 12 /lib/x86_64-linux-gnu/libc-2.31.so, false
			7f5d1c0a2000-7f5d1c0b6000 r-xp 00000000 fe:00 12 /opt/jdk/lib/libjava.so, false
			7f5d1c0a2000-7f5d1c0b6000 rw-p 00000000 00:00 0, false
			""")
	void muslIsRecognisedByWhatIsMappedIntoTheProcess(String line, boolean musl, @TempDir Path directory)
			throws IOException {
		Path mapped = Files.writeString(directory.resolve("maps"),
				"00400000-00401000 r-xp 00000000 fe:00 11 /opt/jdk/bin/java\n" + line + "\n[vdso]\n");
		assertThat(QuicLibrary.isMusl(mapped)).isEqualTo(musl);
	}

	@Test
	void systemThatDoesNotTellWhatIsMappedHasNoMusl(@TempDir Path directory) throws IOException {
		Path mapped = directory.resolve("maps");
		assertThat(QuicLibrary.isMusl(mapped)).isFalse();
		Files.writeString(mapped, "7f5d1c0a2000-7f5d1c0b6000 r-xp 00000000 fe:00 12 /lib/ld-musl-x86_64.so.1\n");
		assertThat(QuicLibrary.isMusl(mapped)).isTrue();
	}

	private static void assertUnusable(QuicLibrary library, String reason, String remedy) {
		assertThatExceptionOfType(UnusableQuicLibraryException.class)
			.isThrownBy(() -> library.check(QuicLibraryTests::failure))
			.withMessage("HTTP/3 cannot use Netty's native QUIC library: " + reason)
			.withCause(FAILURE)
			.satisfies((ex) -> assertThat(ex.getRemedy()).contains(remedy));
	}

	private static @Nullable Throwable failure() {
		return FAILURE;
	}

}
