package io.github.http3spring.sample.documentation;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.http3spring.autoconfigure.Http3ServerProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.autoconfigure.web.ServerProperties;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Configuration in the documentation works when it is pasted.
 */
class YamlBlockTests {

	private static final Map<String, Class<?>> ROOTS = Map.of("http3.server", Http3ServerProperties.class, "server",
			ServerProperties.class, "spring.lifecycle", LifecycleProperties.class);

	private static final Map<String, JsonNode> METADATA = metadata();

	static List<CodeBlock> blocks() {
		return Page.all().stream().flatMap((page) -> page.blocks("yaml").stream()).toList();
	}

	@Test
	void thereIsConfiguration() {
		assertThat(blocks()).hasSizeGreaterThan(5);
	}

	@ParameterizedTest
	@MethodSource("blocks")
	void everyPropertyIsKnown(CodeBlock block) throws IOException {
		assertThat(names(block)).as(block.toString())
			.isNotEmpty()
			.allSatisfy((name) -> assertThat(
					Stream.iterate(name, YamlBlockTests::parent).takeWhile((prefix) -> prefix != null))
				.anyMatch((prefix) -> isProperty(prefix, name)));
	}

	@ParameterizedTest
	@MethodSource("blocks")
	void everyValueIsBound(CodeBlock block) throws IOException {
		Binder binder = new Binder(ConfigurationPropertySources.from(List.<PropertySource<?>>of(load(block))));
		ROOTS.forEach((prefix, type) -> binder.bind(prefix, Bindable.of(type),
				new NoUnboundElementsBindHandler(BindHandler.DEFAULT)));
		assertThat(names(block)).as(block.toString()).isNotEmpty();
	}

	private static boolean isProperty(String prefix, String name) {
		JsonNode property = METADATA.get(prefix);
		if (property == null) {
			// Bound below, which fails with what is unknown
			return ROOTS.containsKey(prefix);
		}
		String type = property.path("type").asText();
		return prefix.equals(name) || type.startsWith("java.util.Map") || type.startsWith("java.util.List");
	}

	/**
	 * Return a name without its last element or index.
	 */
	private static String parent(String name) {
		int end = Math.max(name.lastIndexOf('.'), name.lastIndexOf('['));
		return (end < 0) ? null : name.substring(0, end);
	}

	private static List<String> names(CodeBlock block) throws IOException {
		return List.of(load(block).getPropertyNames());
	}

	private static EnumerablePropertySource<?> load(CodeBlock block) throws IOException {
		return (EnumerablePropertySource<?>) new YamlPropertySourceLoader()
			.load(block.toString(), new ByteArrayResource(block.text().getBytes(StandardCharsets.UTF_8)))
			.get(0);
	}

	private static Map<String, JsonNode> metadata() {
		Map<String, JsonNode> metadata = new TreeMap<>();
		try {
			for (String file : List.of("META-INF/spring-configuration-metadata.json",
					"META-INF/additional-spring-configuration-metadata.json")) {
				for (URL url : Collections.list(YamlBlockTests.class.getClassLoader().getResources(file))) {
					try (InputStream stream = url.openStream()) {
						new ObjectMapper().readTree(stream)
							.path("properties")
							.forEach((property) -> metadata.put(property.path("name").asText(), property));
					}
				}
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return metadata;
	}

}
