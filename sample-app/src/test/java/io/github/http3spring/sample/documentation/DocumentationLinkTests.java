package io.github.http3spring.sample.documentation;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Links within the documentation lead somewhere.
 */
class DocumentationLinkTests {

	private static final Map<Path, Page> PAGES = Page.all()
		.stream()
		.collect(Collectors.toMap(Page::path, Function.identity()));

	static Iterable<Page> pages() {
		return PAGES.values();
	}

	@ParameterizedTest
	@MethodSource("pages")
	void everyLinkLeadsToAFileAndToAHeadingInIt(Page page) {
		assertThat(relativeLinks(page)).as(page.toString()).allSatisfy((link) -> {
			Path target = target(page, link);
			assertThat(Page.ROOT.resolve(target)).exists();
			if (link.contains("#")) {
				assertThat(PAGES).containsKey(target);
				assertThat(PAGES.get(target).anchors()).contains(link.substring(link.indexOf('#') + 1));
			}
		});
	}

	@Test
	void everyPageOfTheBookIsReachedFromTheReadme() {
		Set<Path> reached = new HashSet<>();
		Deque<Path> next = new ArrayDeque<>(List.of(Path.of("README.md")));
		while (!next.isEmpty()) {
			Path path = next.pop();
			if (reached.add(path)) {
				Page page = PAGES.get(path);
				relativeLinks(page).stream()
					.map((link) -> target(page, link))
					.filter(PAGES::containsKey)
					.forEach(next::add);
			}
		}
		assertThat(PAGES.keySet().stream().filter((path) -> path.startsWith("docs"))).hasSizeGreaterThan(10)
			.isSubsetOf(reached);
	}

	private static List<String> relativeLinks(Page page) {
		return page.links().stream().filter((link) -> !link.matches("[a-z]+:.*")).toList();
	}

	/**
	 * Return the path in the project that a link of a page means; GitHub shows the README
	 * of a directory.
	 */
	private static Path target(Page page, String link) {
		String path = link.split("#", 2)[0];
		if (path.isEmpty()) {
			return page.path();
		}
		Path target = page.path().resolveSibling(path).normalize();
		return PAGES.containsKey(target.resolve("README.md")) ? target.resolve("README.md") : target;
	}

}
