package io.github.http3spring.compatibility;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.core.io.ClassPathResource;

/**
 * The class path that an application would have if it had nothing but some of the
 * dependencies of this module, taken from what Maven says of its dependencies and from
 * the class path of the tests.
 */
final class ClassPath {

	/**
	 * A line of Maven's tree: what a dependency brings is indented, or stands where the
	 * same dependency comes for the first time.
	 */
	private static final Pattern LINE = Pattern
		.compile("^(?<indent>[| +\\\\-]*)\\(?(?<artifact>[\\w.-]+:[\\w.-]+):jar:(?<rest>[\\w.:-]+)");

	private static final int INDENT = 3;

	private static final List<String> ENTRIES = List
		.of(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator)));

	private static final ClassPath INSTANCE = new ClassPath();

	private final Map<String, Set<String>> dependencies = new HashMap<>();

	private final Map<String, Set<String>> files = new HashMap<>();

	private ClassPath() {
		Deque<String> parents = new ArrayDeque<>();
		for (String line : tree()) {
			Matcher matcher = LINE.matcher(line);
			if (matcher.lookingAt()) {
				int depth = matcher.group("indent").length() / INDENT;
				while (parents.size() > depth) {
					parents.pop();
				}
				String artifact = matcher.group("artifact");
				if (!parents.isEmpty()) {
					this.dependencies.computeIfAbsent(parents.peek(), (key) -> new LinkedHashSet<>()).add(artifact);
				}
				if (!line.contains("omitted for conflict")) {
					this.files.computeIfAbsent(artifact, (key) -> new LinkedHashSet<>())
						.addAll(entries(artifact, matcher.group("rest")));
				}
				parents.push(artifact);
			}
		}
	}

	private static List<String> tree() {
		try {
			return new ClassPathResource("dependency-tree.txt").getContentAsString(StandardCharsets.UTF_8)
				.lines()
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the entries of the class path for an artifact: none for those of other
	 * scopes or without content.
	 * @param rest the version, between an optional classifier and a scope
	 */
	private static List<String> entries(String artifact, String rest) {
		String name = artifact.substring(artifact.indexOf(':') + 1);
		String[] parts = rest.split(":");
		String version = parts[Math.max(0, parts.length - 2)];
		String classifier = (parts.length > 2) ? "-" + parts[0] : "";
		String jar = File.separator + name + "-" + version + classifier + ".jar";
		String module = File.separator + name + File.separator + "target" + File.separator;
		return ENTRIES.stream().filter((entry) -> entry.endsWith(jar) || entry.contains(module)).toList();
	}

	/**
	 * Return the class path with what is asked for, and the tests of this module.
	 * @param artifacts what an application depends on
	 * @param without what it excludes
	 */
	static URL[] of(Collection<String> artifacts, Collection<String> without) {
		Set<String> closure = new LinkedHashSet<>();
		Deque<String> open = new ArrayDeque<>(artifacts);
		while (!open.isEmpty()) {
			String artifact = open.pop();
			if (!without.contains(artifact) && closure.add(artifact)) {
				open.addAll(INSTANCE.dependencies.getOrDefault(artifact, Set.of()));
			}
		}
		Map<String, URL> urls = new LinkedHashMap<>();
		List<String> entries = new ArrayList<>();
		ENTRIES.stream().filter((entry) -> entry.endsWith("test-classes")).forEach(entries::add);
		closure.forEach((artifact) -> entries.addAll(INSTANCE.files.getOrDefault(artifact, Set.of())));
		entries.forEach((entry) -> urls.put(entry, url(entry)));
		return urls.values().toArray(URL[]::new);
	}

	private static URL url(String entry) {
		try {
			return Path.of(entry).toUri().toURL();
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
