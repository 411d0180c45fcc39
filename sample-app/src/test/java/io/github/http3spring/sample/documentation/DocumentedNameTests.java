package io.github.http3spring.sample.documentation;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Classes that the documentation names are there.
 */
class DocumentedNameTests {

	private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z0-9]*(?:IT|Tests))[`#]");

	private static final Pattern CLASS = Pattern.compile("`([A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+)[`.#]");

	private static final Set<String> CLASSES_OF_OTHERS = Set.of("ServerHttpRequest");

	private final Sources sources = Sources.read();

	@Test
	void everyTestIsThere() {
		assertThat(names(Page.all(), TEST)).hasSizeGreaterThan(20).isSubsetOf(this.sources.classes());
	}

	@Test
	void everyClassOfTheDesignIsThere() {
		assertThat(names(List.of(Page.of("docs/design.md")), CLASS)).hasSizeGreaterThan(20)
			.filteredOn((name) -> !CLASSES_OF_OTHERS.contains(name))
			.isSubsetOf(this.sources.classes());
	}

	private static Set<String> names(List<Page> pages, Pattern pattern) {
		return pages.stream()
			.flatMap((page) -> pattern.matcher(page.text()).results())
			.map((name) -> name.group(1))
			.collect(Collectors.toSet());
	}

}
