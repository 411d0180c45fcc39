package io.github.http3spring.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.convert.ConversionService;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tables of properties in the documentation say what the metadata says.
 */
class PropertyTableTests {

	private static final String SERVER = "http3.server.";

	private static final Pattern ROW = Pattern.compile("^\\| `([a-z0-9.-]+)` \\| ([^|]+) \\| ([^|]+) \\|$");

	private static final Pattern CODE = Pattern.compile("`([^`]+)`");

	private static final Pattern WITH_UNIT = Pattern.compile("\\d+(ns|us|ms|s|m|h|d|B|KB|MB)");

	private final Map<String, String> defaults = table();

	private final Map<String, JsonNode> metadata = PropertyMetadata.read("");

	PropertyTableTests() throws IOException {
	}

	@Test
	void everyPropertyStandsInATable() {
		assertThat(this.defaults).containsOnlyKeys(this.metadata.keySet());
	}

	@Test
	void everyDefaultIsThatOfTheProperty() {
		ConversionService conversion = ApplicationConversionService.getSharedInstance();
		assertThat(this.defaults).allSatisfy((name, shown) -> {
			JsonNode property = this.metadata.get(name);
			JsonNode expected = property.path("defaultValue");
			if (!expected.isMissingNode()) {
				Class<?> type = ClassUtils.resolveClassName(property.path("type").asText(), null);
				assertThat(conversion.convert(code(shown), type))
					.isEqualTo(conversion.convert(expected.asText(), type));
			}
		});
	}

	@Test
	void everyDurationAndSizeHasItsUnit() {
		assertThat(this.defaults).allSatisfy((name, shown) -> {
			JsonNode property = this.metadata.get(name);
			String type = property.path("type").asText();
			if (property.has("defaultValue")
					&& (type.equals(Duration.class.getName()) || type.equals(DataSize.class.getName()))) {
				assertThat(code(shown)).matches(WITH_UNIT);
			}
		});
	}

	private static String code(String cell) {
		Matcher matcher = CODE.matcher(cell);
		assertThat(matcher.lookingAt()).as(cell).isTrue();
		return matcher.group(1);
	}

	/**
	 * Return what the tables show as defaults, by the full names of the properties.
	 */
	private static Map<String, String> table() throws IOException {
		String document = Files.readString(Path.of("..", "docs", "properties.md"));
		Map<String, String> defaults = new LinkedHashMap<>();
		document.lines().map(ROW::matcher).filter(Matcher::matches).forEach((row) -> {
			String name = row.group(1).startsWith("management.") ? row.group(1) : SERVER + row.group(1);
			assertThat(defaults.put(name, row.group(2))).as("%s stands there twice", name).isNull();
		});
		return defaults;
	}

}
