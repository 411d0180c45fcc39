package io.github.http3spring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the program that generates the sources of this module.
 */
class GenerateSourcesTests {

	private static final String CLASS = "src/main/java/a/A.java";

	private static final String GENERATED = "target/generated-sources/boot4/main/java/a/A.java";

	private static final String DIFFERENT = "src/boot4/main/java/a/A.java";

	@TempDir
	private Path directory;

	@BeforeEach
	void writeModule() throws IOException {
		write("boot3/" + CLASS, "import old.name.A; import old.name.longer.B; import bold.name.C; old.names.D");
		write("boot4/src/boot4/names.txt", "# Names\n\nold.name = new.name\nold.name.longer = other.name\n");
	}

	@Test
	void wholeNamesAreReplacedTheLongestFirst() throws Exception {
		assertThat(generate()).isEmpty();
		assertThat(this.directory.resolve("boot4").resolve(GENERATED))
			.hasContent("import new.name.A; import other.name.B; import bold.name.C; old.names.D");
	}

	@Test
	void nameThatOccursNowhereFailsTheBuild() throws Exception {
		write("boot4/src/boot4/names.txt", "old.name = new.name\nold.name.longer = other.name\nnever.used = nothing\n");
		assertThat(generate()).contains("Names that occur nowhere: [never.used]");
	}

	@Test
	void nameThatOccursOnlyInAFileWithADifferenceFailsTheBuild() throws Exception {
		write("boot4/" + DIFFERENT, "different");
		assertThat(generate()).contains("Names that occur nowhere: [old.name, old.name.longer]");
	}

	@Test
	void fileWithADifferenceStandsInForTheGeneratedOne() throws Exception {
		write("boot3/src/main/java/a/B.java", "old.name.B old.name.longer.B");
		write("boot4/" + DIFFERENT, "different");
		assertThat(generate()).isEmpty();
		assertThat(this.directory.resolve("boot4").resolve(GENERATED)).hasContent("different");
	}

	@Test
	void fileThatDoesNotDifferFailsTheBuild() throws Exception {
		write("boot4/" + DIFFERENT, "import new.name.A; import other.name.B; import bold.name.C; old.names.D");
		assertThat(generate()).contains("A.java does not differ: delete it");
	}

	@Test
	void fileThatIsGeneratedNoLongerIsDeleted() throws Exception {
		write("boot4/target/generated-sources/boot4/test/java/a/B.java", "old");
		assertThat(generate()).isEmpty();
		assertThat(this.directory.resolve("boot4").resolve(GENERATED)).exists();
		assertThat(this.directory.resolve("boot4/target/generated-sources/boot4/test/java/a/B.java")).doesNotExist();
	}

	private void write(String file, String content) throws IOException {
		Path path = this.directory.resolve(file);
		Files.createDirectories(path.getParent());
		Files.writeString(path, content);
	}

	/**
	 * Run the program.
	 * @return what it prints
	 */
	private String generate() throws Exception {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "../src/boot4/GenerateSources.java",
				this.directory.resolve("boot3").toString(), this.directory.resolve("boot4").toString())
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes());
		assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
		assertThat(process.exitValue() == 0).isEqualTo(output.isEmpty());
		return output;
	}

}
