import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Generates the sources of a module for Spring Boot 4 from those of the module for Spring
 * Boot 3.5: names are replaced as names.txt says, and files of the module's own
 * src/boot4/main and src/boot4/test stand in for those that would have been generated.
 * What is not needed fails the build: a name that occurs nowhere, a file that does not
 * differ.
 * <p>
 * Run as {@code java GenerateSources.java MODULE_FOR_3.5 MODULE_FOR_4}.
 */
class GenerateSources {

	private final Map<String, String> names = new HashMap<>();

	private final Pattern pattern;

	private final Set<String> unused;

	private final Set<Path> generated = new TreeSet<>();

	GenerateSources(Path names) throws IOException {
		for (String line : Files.readAllLines(names)) {
			if (!line.isBlank() && !line.startsWith("#")) {
				String[] pair = line.split("=", -1);
				if (pair.length != 2 || this.names.put(pair[0].strip(), pair[1].strip()) != null) {
					throw new IllegalStateException(names + ": not a new pair 'old = new': " + line);
				}
			}
		}
		// Of two names that begin alike the longer one is meant
		this.pattern = Pattern.compile(this.names.keySet()
			.stream()
			.sorted(Comparator.comparing(String::length).reversed())
			.map((name) -> (name.matches("\\w.*") ? "(?<![\\w.])" : "") + Pattern.quote(name)
					+ (name.matches(".*\\w") ? "(?!\\w)" : ""))
			.collect(Collectors.joining("|")));
		this.unused = new TreeSet<>(this.names.keySet());
	}

	private String replaceNames(String text) {
		return this.pattern.matcher(text).replaceAll((match) -> {
			this.unused.remove(match.group());
			return this.names.get(match.group());
		});
	}

	/**
	 * Generate the files of one kind.
	 * @param source the files for Spring Boot 3.5
	 * @param differences those that differ by more than names
	 * @param target where to write both
	 */
	void generate(Path source, Path differences, Path target) throws IOException {
		Map<String, byte[]> contents = new TreeMap<>();
		Map<String, byte[]> different = read(differences);
		for (Map.Entry<String, byte[]> file : read(source).entrySet()) {
			String name = replaceNames(file.getKey());
			byte[] own = different.get(name);
			Set<String> unusedBefore = new TreeSet<>(this.unused);
			byte[] content = replaceNames(new String(file.getValue(), StandardCharsets.UTF_8))
				.getBytes(StandardCharsets.UTF_8);
			if (Arrays.equals(content, own)) {
				throw new IllegalStateException(differences.resolve(name) + " does not differ: delete it");
			}
			if (own != null) {
				this.unused.addAll(unusedBefore);
			}
			contents.put(name, content);
		}
		contents.putAll(different);
		for (Map.Entry<String, byte[]> file : contents.entrySet()) {
			write(target.resolve(file.getKey()), file.getValue());
		}
	}

	private static Map<String, byte[]> read(Path directory) throws IOException {
		Map<String, byte[]> contents = new TreeMap<>();
		if (Files.isDirectory(directory)) {
			for (Path file : files(directory)) {
				contents.put(directory.relativize(file).toString(), Files.readAllBytes(file));
			}
		}
		return contents;
	}

	private static List<Path> files(Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			return files.filter(Files::isRegularFile).toList();
		}
	}

	/**
	 * Write a file, unless it is there already: then nothing has to be compiled again.
	 */
	private void write(Path file, byte[] content) throws IOException {
		this.generated.add(file);
		if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), content)) {
			Files.createDirectories(file.getParent());
			Files.write(file, content);
		}
	}

	/**
	 * Delete what earlier runs have generated, and this one has not.
	 */
	void clean(Path target) throws IOException {
		for (Path file : files(target)) {
			if (!this.generated.contains(file)) {
				Files.delete(file);
			}
		}
	}

	public static void main(String[] args) throws IOException {
		Path module = Path.of(args[1]);
		Path target = module.resolve("target/generated-sources/boot4");
		GenerateSources sources = new GenerateSources(module.resolve("src/boot4/names.txt"));
		for (String kind : List.of("main", "test")) {
			sources.generate(Path.of(args[0], "src", kind), module.resolve("src/boot4").resolve(kind),
					target.resolve(kind));
		}
		sources.clean(target);
		if (!sources.unused.isEmpty()) {
			throw new IllegalStateException("Names that occur nowhere: " + new ArrayList<>(sources.unused));
		}
	}

}
