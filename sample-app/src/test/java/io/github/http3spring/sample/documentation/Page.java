package io.github.http3spring.sample.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A page of the documentation: what its tests look at.
 */
final class Page {

	static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

	private static final Pattern FENCE = Pattern.compile("^( *)```(\\w*)");

	private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.*)$");

	private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

	private static final Pattern CODE_SPAN = Pattern.compile("`[^`]*`");

	private static final Set<String> NO_SOURCES = Set.of("target", "node_modules", ".git", ".mvn");

	private final Path path;

	private final Set<String> anchors = new LinkedHashSet<>();

	private final List<String> links = new ArrayList<>();

	private final List<CodeBlock> blocks = new ArrayList<>();

	private final String text;

	private Page(Path path) throws IOException {
		this.path = path;
		this.text = Files.readString(ROOT.resolve(path));
		Map<String, Integer> headings = new HashMap<>();
		List<String> lines = this.text.lines().toList();
		for (int i = 0; i < lines.size(); i++) {
			var fence = FENCE.matcher(lines.get(i));
			if (fence.find()) {
				i = addBlock(lines, i, fence.group(1), fence.group(2));
				continue;
			}
			HEADING.matcher(lines.get(i)).results().forEach((heading) -> addAnchor(heading.group(1), headings));
			LINK.matcher(CODE_SPAN.matcher(lines.get(i)).replaceAll("code"))
				.results()
				.forEach((link) -> this.links.add(link.group(1)));
		}
	}

	/**
	 * Return all pages of the project.
	 */
	static List<Page> all() {
		List<Page> pages = new ArrayList<>();
		try {
			Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {

				@Override
				public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
					return NO_SOURCES.contains(directory.getFileName().toString()) ? FileVisitResult.SKIP_SUBTREE
							: FileVisitResult.CONTINUE;
				}

				@Override
				public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
					if (file.toString().endsWith(".md")) {
						pages.add(new Page(ROOT.relativize(file)));
					}
					return FileVisitResult.CONTINUE;
				}

			});
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return pages;
	}

	static Page of(String path) {
		try {
			return new Page(Path.of(path));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return where the page is in the project.
	 */
	Path path() {
		return this.path;
	}

	String text() {
		return this.text;
	}

	/**
	 * Return the names by which GitHub finds the headings.
	 */
	Set<String> anchors() {
		return this.anchors;
	}

	List<String> links() {
		return this.links;
	}

	List<CodeBlock> blocks(String... languages) {
		return this.blocks.stream().filter((block) -> List.of(languages).contains(block.language())).toList();
	}

	private int addBlock(List<String> lines, int start, String indent, String language) {
		StringBuilder block = new StringBuilder();
		int i = start + 1;
		while (!lines.get(i).startsWith(indent + "```")) {
			String line = lines.get(i++);
			block.append(line.startsWith(indent) ? line.substring(indent.length()) : line).append('\n');
		}
		this.blocks.add(new CodeBlock(this.path, start + 1, language, block.toString()));
		return i;
	}

	private void addAnchor(String heading, Map<String, Integer> headings) {
		String anchor = heading.strip().toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-');
		int before = headings.merge(anchor, 1, Integer::sum) - 1;
		this.anchors.add((before > 0) ? anchor + "-" + before : anchor);
	}

	@Override
	public String toString() {
		return this.path.toString();
	}

}
