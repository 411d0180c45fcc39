package io.github.http3spring.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The sections of RFCs that comments of the code name.
 */
final class Citations {

	/**
	 * The order of sections.
	 */
	static final Comparator<String> SECTIONS = Comparator.comparing(
			(String section) -> Arrays.stream(section.split("\\.")).mapToInt(Integer::parseInt).toArray(),
			Arrays::compare);

	static final Path SOURCES = Path.of("src", "main", "java");

	private static final String SECTION = "\\d+(?:\\.\\d+)*";

	private static final Pattern CITATION = Pattern
		.compile("(RFC \\d+) sections? (" + SECTION + "(?:(?:,|, and| and| to) " + SECTION + ")*)");

	private Citations() {
	}

	/**
	 * Find them.
	 * @return the names of classes by section by RFC
	 */
	static Map<String, TreeMap<String, TreeSet<String>>> find() throws IOException {
		Map<String, TreeMap<String, TreeSet<String>>> citations = new TreeMap<>();
		List<Path> files;
		try (Stream<Path> tree = Files.walk(SOURCES)) {
			files = tree.filter((file) -> file.toString().endsWith(".java")).toList();
		}
		for (Path file : files) {
			String name = file.getFileName().toString().replace(".java", "");
			// Comments are wrapped anywhere
			String text = Files.readString(file).replaceAll("\\s+(?:\\*|//)?\\s*", " ");
			Matcher citation = CITATION.matcher(text);
			while (citation.find()) {
				for (String section : citation.group(2).split("(?:,|, and| and| to) ")) {
					citations.computeIfAbsent(citation.group(1), (rfc) -> new TreeMap<>(SECTIONS))
						.computeIfAbsent(section, (key) -> new TreeSet<>())
						.add(name);
				}
			}
		}
		return citations;
	}

}
