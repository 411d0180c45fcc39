package io.github.http3spring.sample;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the configuration of the sample, from which users copy.
 */
class SamplePropertiesTests {

	private static final String PREFIX = "http3.server.";

	private static final Pattern COMMENTED_PROPERTY = Pattern.compile("^( *)# ([a-z.-]+: \\S+)$", Pattern.MULTILINE);

	@Test
	void showsEveryPropertyOfTheServerOnce() throws Exception {
		assertThat(propertiesOfSample()).isNotEmpty().isEqualTo(propertiesOfServer());
	}

	/**
	 * Return the properties that have a value, be it in a comment. A property that stands
	 * there twice fails to load.
	 */
	private static Set<String> propertiesOfSample() throws IOException {
		String text = new ClassPathResource("application.yml").getContentAsString(StandardCharsets.UTF_8);
		String uncommented = COMMENTED_PROPERTY.matcher(text).replaceAll("$1$2");
		EnumerablePropertySource<?> source = (EnumerablePropertySource<?>) new YamlPropertySourceLoader()
			.load("sample", new ByteArrayResource(uncommented.getBytes(StandardCharsets.UTF_8)))
			.get(0);
		Set<String> names = new TreeSet<>(List.of(source.getPropertyNames()));
		names.removeIf((name) -> !name.startsWith(PREFIX));
		return names;
	}

	private static Set<String> propertiesOfServer() throws IOException {
		Set<String> names = new TreeSet<>();
		ClassLoader classLoader = SamplePropertiesTests.class.getClassLoader();
		for (URL url : Collections.list(classLoader.getResources("META-INF/spring-configuration-metadata.json"))) {
			try (InputStream metadata = url.openStream()) {
				new ObjectMapper().readTree(metadata)
					.path("properties")
					.forEach((property) -> names.add(property.path("name").asText()));
			}
		}
		names.removeIf((name) -> !name.startsWith(PREFIX));
		return names;
	}

}
