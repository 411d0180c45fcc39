package io.github.http3spring.sample.documentation;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Commands in the documentation that take too long for a build name what there is:
 * modules, tests, system properties and scripts. {@code .ci/docs} runs them.
 */
class CommandBlockTests {

	private static final Pattern OPTION = Pattern.compile("-D([A-Za-z0-9.-]+)(?:='?([^\\s']*))?");

	private static final Pattern MODULES = Pattern.compile("-pl\\s+(\\S+)");

	private static final Pattern SCRIPT = Pattern.compile("(?m)^\\s*((?:\\.ci|benchmarks)/[a-z]+)\\b");

	/**
	 * Those of Maven, of Spring Boot and of this project, which no test asks for by name.
	 */
	private static final Pattern OTHERS = Pattern
		.compile("skipTests|(it\\.)?test|(surefire|failsafe)\\..*|checkstyle\\.skip"
				+ "|maven\\..*|logging\\.level\\..*|http3\\.server\\..*|test\\.jvm\\.args|reactor\\.netty\\..*|includes");

	private static final Sources SOURCES = Sources.read();

	static List<CodeBlock> blocks() {
		return Page.all().stream().flatMap((page) -> page.blocks("bash").stream()).toList();
	}

	@ParameterizedTest
	@MethodSource("blocks")
	void everyModuleIsThere(CodeBlock block) {
		assertThat(MODULES.matcher(block.text()).results().flatMap((each) -> Arrays.stream(each.group(1).split(","))))
			.as(block.toString())
			.allSatisfy((module) -> assertThat(Page.ROOT.resolve(module).resolve("pom.xml")).exists());
	}

	@ParameterizedTest
	@MethodSource("blocks")
	void everyTestIsThere(CodeBlock block) {
		assertThat(OPTION.matcher(block.text())
			.results()
			.filter((option) -> option.group(1).matches("(it\\.)?test") && !option.group(2).equalsIgnoreCase("none"))
			.flatMap((option) -> Arrays.stream(option.group(2).split(",")))).as(block.toString())
			.allSatisfy((test) -> assertThat(SOURCES.classes())
				.anyMatch((name) -> name.matches(test.replaceAll("#.*", "").replace("*", ".*"))));
	}

	@ParameterizedTest
	@MethodSource("blocks")
	void everySystemPropertyIsAskedFor(CodeBlock block) {
		assertThat(OPTION.matcher(block.text())
			.results()
			.map((option) -> option.group(1))
			.filter((option) -> !OTHERS.matcher(option).matches())).as(block.toString())
			.allSatisfy((option) -> assertThat(SOURCES.text()).contains('"' + option + '"'));
	}

	@ParameterizedTest
	@MethodSource("blocks")
	void everyScriptIsThere(CodeBlock block) {
		assertThat(SCRIPT.matcher(block.text()).results()).as(block.toString())
			.allSatisfy((script) -> assertThat(Page.ROOT.resolve(script.group(1))).isExecutable());
	}

	@Test
	void promisedCommandsAreThere() {
		assertThat(Page.of("README.md").blocks("bash").stream().map(CodeBlock::text))
			.contains("mvn -B -ntp -DskipTests package && java -jar sample-app/target/sample-app.jar demo\n")
			.contains("mvn -B -ntp -T 2 verify\n");
	}

}
