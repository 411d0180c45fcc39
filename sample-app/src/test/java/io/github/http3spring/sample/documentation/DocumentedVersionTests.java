package io.github.http3spring.sample.documentation;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Dependencies and versions in the documentation are those of the build.
 */
class DocumentedVersionTests {

	private static final Pattern GRADLE = Pattern.compile("\\(\"([a-z0-9.]+):([a-z0-9-]+):([^\"]+)\"\\)");

	private static final Pattern PROPERTY = Pattern.compile("<([a-z0-9.-]+\\.version)>([^<$]+)</");

	private final Map<String, String> versions = new HashMap<>();

	private final String poms;

	private final String projectVersion;

	DocumentedVersionTests() throws Exception {
		this.poms = poms();
		Matcher property = PROPERTY.matcher(this.poms);
		while (property.find()) {
			this.versions.merge(property.group(1), property.group(2), (first, second) -> first + " " + second);
		}
		this.projectVersion = text(parse(Files.readString(Page.ROOT.resolve("pom.xml"))).getDocumentElement(),
				"version");
	}

	@Test
	void everyDependencyIsThatOfTheBuild() throws Exception {
		int dependencies = 0;
		for (CodeBlock block : blocks("xml")) {
			Document document = parse("<block>" + block.text() + "</block>");
			NodeList elements = document.getElementsByTagName("dependency");
			for (int i = 0; i < elements.getLength(); i++, dependencies++) {
				Element dependency = (Element) elements.item(i);
				check(block, text(dependency, "groupId"), text(dependency, "artifactId"), text(dependency, "version"));
			}
		}
		assertThat(dependencies).isGreaterThan(2);
	}

	@Test
	void everyPropertyIsThatOfTheBuild() {
		List<CodeBlock> blocks = blocks("xml");
		assertThat(blocks).anySatisfy((block) -> assertThat(PROPERTY.matcher(block.text()).find()).isTrue());
		assertThat(blocks).allSatisfy((block) -> assertThat(PROPERTY.matcher(block.text()).results())
			.allSatisfy((property) -> assertThat(this.versions.get(property.group(1))).contains(property.group(2))));
	}

	@Test
	void everyDependencyOfGradleIsThatOfTheBuild() {
		List<CodeBlock> blocks = blocks("kotlin");
		assertThat(blocks).isNotEmpty()
			.allSatisfy((block) -> assertThat(GRADLE.matcher(block.text()).results()).isNotEmpty()
				.allSatisfy((each) -> check(block, each.group(1), each.group(2), each.group(3))));
	}

	@Test
	void versionsOfTheReadmeAreThoseThatAreTested() throws Exception {
		String readme = Page.of("README.md").text();
		assertThat(readme).contains(this.versions.get("netty-http3.version").replace(".Final", ""))
			.contains(this.versions.get("netty-quic.version").replace(".Final", ""))
			.contains(this.versions.get("netty.version").replace(".Final", ""));
		String consumers = Files.readString(Page.ROOT.resolve(".ci/consumers"));
		Matcher tested = Pattern.compile("versions=\\(([^$)]+)\\)").matcher(consumers);
		assertThat(tested.find()).isTrue();
		assertThat(tested.group(1).split(" ")).hasSize(4)
			.allSatisfy((version) -> assertThat(readme).contains("| " + version + " |"))
			.containsAll(List.of(this.versions.get("spring-boot.version").split(" ")));
	}

	@Test
	void readmeHasOnePage() {
		assertThat(Page.of("README.md").text().lines().count()).isLessThanOrEqualTo(200);
	}

	/**
	 * Check that a dependency is a module of the project, or one that the project has.
	 */
	private void check(CodeBlock block, String group, String artifact, @Nullable String version) {
		if (group.equals("io.github.http3spring")) {
			assertThat(Page.ROOT.resolve(artifact).resolve("pom.xml")).as(block.toString()).exists();
			assertThat(version).as(block.toString()).isEqualTo(this.projectVersion);
			return;
		}
		assertThat(this.poms).as(block.toString())
			.containsPattern("<groupId>%s</groupId>\\s*<artifactId>%s</artifactId>".formatted(group, artifact));
		if (version != null) {
			assertThat(this.versions.values()).as(block.toString()).contains(version);
		}
	}

	private static String poms() throws IOException {
		StringBuilder poms = new StringBuilder();
		try (Stream<Path> modules = Files.list(Page.ROOT)) {
			for (Path pom : Stream.concat(Stream.of(Page.ROOT), modules)
				.map((each) -> each.resolve("pom.xml"))
				.filter(Files::exists)
				.toList()) {
				poms.append(Files.readString(pom));
			}
		}
		return poms.toString();
	}

	private static List<CodeBlock> blocks(String language) {
		return Page.all().stream().flatMap((page) -> page.blocks(language).stream()).toList();
	}

	private static @Nullable String text(Element element, String name) {
		NodeList children = element.getChildNodes();
		return Stream.iterate(0, (i) -> i < children.getLength(), (i) -> i + 1)
			.map(children::item)
			.filter((child) -> child.getNodeName().equals(name))
			.findFirst()
			.map(Node::getTextContent)
			.orElse(null);
	}

	private static Document parse(String xml) throws Exception {
		return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
	}

}
