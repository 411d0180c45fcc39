package io.github.http3spring.conformance;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The table of what was demanded and what was seen, {@code docs/conformance.md}.
 */
final class ConformanceDocument {

	private static final Path DOCUMENT = Path.of("..", "docs", "conformance.md");

	/**
	 * System property that has the document written instead of compared.
	 */
	private static final String WRITE = "conformance.write";

	private static final String TESTS = "io.github.http3spring.";

	private final StringBuilder text = new StringBuilder();

	private ConformanceDocument() {
	}

	/**
	 * Return whether the sources are those of the document, and not made from them.
	 */
	static boolean isWrittenHere() {
		return Files.isDirectory(Citations.SOURCES);
	}

	static void assertUpToDate(Map<ConformanceCase, Outcome> seen, List<Reference> references) throws IOException {
		String text = new ConformanceDocument().write(seen, references);
		if (System.getProperty(WRITE) != null) {
			Files.writeString(DOCUMENT, text);
		}
		assertThat(Files.readString(DOCUMENT)).as("written with -D" + WRITE).isEqualTo(text);
	}

	/**
	 * Check that the test of a row is one.
	 */
	static void assertExists(Reference reference) {
		if (reference.test().isEmpty()) {
			assertThat(reference.argument()).isNotEmpty();
			return;
		}
		int hash = reference.test().indexOf('#');
		Class<?> type = ClassUtils.resolveClassName(TESTS + reference.test().substring(0, hash), null);
		assertThat(Arrays.stream(type.getDeclaredMethods()).filter(ConformanceDocument::isTest).map(Method::getName))
			.as(reference.test())
			.contains(reference.test().substring(hash + 1));
	}

	private static boolean isTest(Method method) {
		return method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class);
	}

	private String write(Map<ConformanceCase, Outcome> seen, List<Reference> references) throws IOException {
		long argued = seen.keySet().stream().filter((row) -> row.expectation().known() != null).count();
		long tested = references.stream().filter((reference) -> !reference.test().isEmpty()).count();
		line("# Conformance");
		line("");
		line("What RFCs demand of an HTTP/3 server, what `ConformanceIT` sends for it, and what the server made of it when this was written.");
		line("This document is generated, and the build fails if it is not up to date:");
		line("");
		line("```bash");
		line("mvn -B -ntp verify -pl http3-spring-boot-autoconfigure -am -Dtest=none -Dit.test=ConformanceIT -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false -Dconformance.write");
		line("```");
		line("");
		line(seen.size() + " cases are sent by `ConformanceIT`, of which " + (seen.size() - argued)
				+ " end as they have to and " + argued + " differ, each with its argument; " + tested
				+ " more requirements are those of other tests, and " + (references.size() - tested)
				+ " are out of reach of a client that sends streams.");
		seen.keySet().stream().map(ConformanceCase::rfc).distinct().forEach((rfc) -> writeCases(rfc, seen));
		references.stream().map(Reference::rfc).distinct().forEach((rfc) -> writeReferences(rfc, references));
		writeCitations(Citations.find());
		return this.text.toString();
	}

	private void writeCases(String rfc, Map<ConformanceCase, Outcome> seen) {
		line("");
		line("## " + rfc);
		line("");
		line("| section | sent | has to follow | seen |");
		line("|---|---|---|---|");
		seen.entrySet()
			.stream()
			.filter((row) -> row.getKey().rfc().equals(rfc))
			.sorted((one, other) -> Citations.SECTIONS.compare(one.getKey().section(), other.getKey().section()))
			.forEach((row) -> {
				Expectation expectation = row.getKey().expectation();
				String text = expectation.allowed()
					.stream()
					.filter(row.getValue()::is)
					.map(Outcome::toString)
					.findFirst()
					.orElseGet(() -> row.getValue().text() + ": " + expectation.argument());
				row(row.getKey().section(), row.getKey().sent(), expectation.toString(), text);
			});
	}

	private void writeReferences(String rfc, List<Reference> references) {
		line("");
		line("## " + rfc + ", shown by other tests");
		line("");
		line("| section | demanded | shown by |");
		line("|---|---|---|");
		references.stream().filter((row) -> row.rfc().equals(rfc)).forEach((row) -> {
			String test = row.test().substring(row.test().lastIndexOf('.') + 1).replace("#", ".");
			row(row.section(), row.requirement(), test.isEmpty() ? "no test: " + row.argument() : "`" + test + "`");
		});
	}

	private void writeCitations(Map<String, TreeMap<String, TreeSet<String>>> citations) {
		line("");
		line("## Where the code meets which section");
		citations.forEach((rfc, sections) -> {
			line("");
			line("### " + rfc);
			line("");
			line("| section | class |");
			line("|---|---|");
			sections.forEach((section, classes) -> row(section, list(classes)));
		});
	}

	private static String list(Set<String> names) {
		return names.stream().map((name) -> "`" + name + "`").collect(Collectors.joining(", "));
	}

	private void row(String... cells) {
		line(Stream.of(cells)
			.map((cell) -> cell.replace("|", "\\|").replaceAll("[\\x00-\\x1f\\x7f-\\xff]", "."))
			.collect(Collectors.joining(" | ", "| ", " |")));
	}

	private void line(String line) {
		this.text.append(line).append('\n');
	}

}
