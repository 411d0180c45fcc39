package io.github.http3spring.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Reads the metadata of this module's properties, which IDEs show to users.
 */
final class PropertyMetadata {

	private PropertyMetadata() {
	}

	/**
	 * Return the properties that start with a prefix, by their names.
	 */
	static Map<String, JsonNode> read(String prefix) throws IOException {
		URL classes = Http3ServerProperties.class.getProtectionDomain().getCodeSource().getLocation();
		URL file = URI.create(classes + "META-INF/spring-configuration-metadata.json").toURL();
		Map<String, JsonNode> metadata = new LinkedHashMap<>();
		try (InputStream input = file.openStream()) {
			for (JsonNode property : new ObjectMapper().readTree(input).path("properties")) {
				String name = property.path("name").asText();
				if (name.startsWith(prefix) && !property.has("deprecated")) {
					metadata.put(name, property);
				}
			}
		}
		return metadata;
	}

}
