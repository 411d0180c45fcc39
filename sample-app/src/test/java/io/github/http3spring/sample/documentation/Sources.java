package io.github.http3spring.sample.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The Java sources of the project.
 *
 * @param classes the simple names of all top-level classes
 * @param text their texts
 */
record Sources(Set<String> classes, String text) {

	static Sources read() {
		Set<String> classes = new HashSet<>();
		StringBuilder text = new StringBuilder();
		try (Stream<Path> modules = Files.list(Page.ROOT)) {
			for (Path module : modules.map((each) -> each.resolve("src")).filter(Files::isDirectory).toList()) {
				try (Stream<Path> files = Files.walk(module)) {
					for (Path file : files.filter((each) -> each.toString().endsWith(".java")).toList()) {
						classes.add(file.getFileName().toString().replace(".java", ""));
						text.append(Files.readString(file));
					}
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return new Sources(classes, text.toString());
	}

}
