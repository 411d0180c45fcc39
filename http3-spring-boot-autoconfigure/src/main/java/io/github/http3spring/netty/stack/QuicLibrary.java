package io.github.http3spring.netty.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.http3spring.server.UnusableQuicLibraryException;
import io.netty.incubator.codec.quic.Quic;
import io.netty.util.internal.PlatformDependent;
import org.jspecify.annotations.Nullable;

/**
 * Netty's native QUIC library as this platform sees it. Has to be asked before anything
 * uses the codec: on a system with musl the mere attempt to load a library that is linked
 * against glibc may end the process, and elsewhere the codec fails without saying what to
 * do.
 *
 * @param platform the platform, as Netty names it in the classifiers of its artifacts
 * @param musl whether the C library of the process is musl
 * @param packaged whether the class path has a library for the platform
 */
public record QuicLibrary(String platform, boolean musl, boolean packaged) {

	private static final Set<String> PLATFORMS = new TreeSet<>(
			Set.of("linux-x86_64", "linux-aarch_64", "osx-x86_64", "osx-aarch_64", "windows-x86_64"));

	/**
	 * What only musl maps into a process: its loader, which is its C library too, under
	 * one of its two names. A file of that name on the disk says nothing, because glibc
	 * and musl can be installed together.
	 */
	private static final Pattern MUSL = Pattern.compile(".*/(ld-musl-[^/]*|libc\\.so)$");

	private static final Path MAPPED_FILES = Path.of("/proc/self/maps");

	/**
	 * Check that the library can be used, and load it.
	 * @throws UnusableQuicLibraryException if it cannot be used
	 */
	public static void ensureAvailable() {
		String os = PlatformDependent.normalizedOs();
		String arch = PlatformDependent.normalizedArch();
		new QuicLibrary(os + "-" + arch, isMusl(MAPPED_FILES), isPackaged(os, arch)).check(Quic::unavailabilityCause);
	}

	/**
	 * Check that the library can be used.
	 * @param load loads the library, and returns what went wrong
	 */
	void check(Supplier<@Nullable Throwable> load) {
		if (this.musl) {
			throw new UnusableQuicLibraryException("it needs glibc, and the C library of this system is musl",
					"Run the application on a system or an image with glibc, such as Debian, Ubuntu or Red Hat UBI, "
							+ "instead of Alpine.",
					null);
		}
		Throwable failure = load.get();
		if (failure == null) {
			return;
		}
		if (!PLATFORMS.contains(this.platform)) {
			throw new UnusableQuicLibraryException("there is none for " + this.platform,
					"Run the application on one of " + String.join(", ", PLATFORMS) + ".", failure);
		}
		if (!this.packaged) {
			throw new UnusableQuicLibraryException("there is none for " + this.platform + " on the class path",
					"Add the dependency 'io.netty.incubator:netty-incubator-codec-native-quic' with the classifier '"
							+ this.platform + "', in the version of 'netty-incubator-codec-classes-quic'.",
					failure);
		}
		throw new UnusableQuicLibraryException("it cannot be loaded: " + failure.getMessage(),
				"Netty unpacks the library into 'java.io.tmpdir', or into 'io.netty.native.workdir' if that is set: "
						+ "that directory must be writable and not be mounted 'noexec'. On Linux, glibc must not be "
						+ "older than the library asks for.",
				failure);
	}

	/**
	 * Return whether the C library of the process is musl.
	 * @param mappedFiles the files that are mapped into the process, in the format of
	 * Linux; there is no such file elsewhere
	 */
	static boolean isMusl(Path mappedFiles) {
		try (Stream<String> lines = Files.lines(mappedFiles, StandardCharsets.ISO_8859_1)) {
			return lines.anyMatch((line) -> MUSL.matcher(line).matches());
		}
		catch (IOException | UncheckedIOException ex) {
			return false;
		}
	}

	static boolean isPackaged(String os, String arch) {
		String file = "META-INF/native/" + System.mapLibraryName("netty_quiche_" + os + "_" + arch);
		ClassLoader classLoader = Quic.class.getClassLoader();
		// Netty's libraries of macOS do not have the ending that Java has for them
		return Stream.of(file, file.replace(".dylib", ".jnilib"))
			.anyMatch((candidate) -> classLoader.getResource(candidate) != null);
	}

}
