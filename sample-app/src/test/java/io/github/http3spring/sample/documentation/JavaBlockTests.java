package io.github.http3spring.sample.documentation;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Java in the documentation compiles, with the imports that an IDE adds.
 */
class JavaBlockTests {

	private static final List<String> IMPORTS = List.of("java.time.*", "java.util.*", "io.github.http3spring.context.*",
			"io.github.http3spring.server.*", "io.github.http3spring.netty.*",
			"io.netty.handler.ssl.util.InsecureTrustManagerFactory", "org.junit.jupiter.api.*",
			"org.springframework.boot.*", "org.springframework.boot.ssl.*", "org.springframework.boot.test.context.*",
			"org.springframework.boot.test.context.SpringBootTest.WebEnvironment",
			"org.springframework.boot.web.embedded.netty.*", "org.springframework.context.*",
			"org.springframework.context.annotation.*", "org.springframework.context.event.EventListener",
			"org.springframework.http.client.reactive.*", "org.springframework.http.server.reactive.*",
			"org.springframework.stereotype.*", "org.springframework.test.web.reactive.server.*",
			"org.springframework.web.bind.annotation.*", "org.springframework.web.server.*", "reactor.core.publisher.*",
			"reactor.netty.*", "reactor.netty.http.*", "reactor.netty.http.client.HttpClient",
			"reactor.netty.http.server.HttpServer");

	@Test
	void everyBlockCompiles(@TempDir Path directory) {
		List<CodeBlock> blocks = Page.all().stream().flatMap((page) -> page.blocks("java").stream()).toList();
		assertThat(blocks).hasSizeGreaterThan(5);
		DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		boolean compiled = compiler.getTask(null, null, diagnostics,
				List.of("-proc:none", "-parameters", "-Xlint:-path", "-d", directory.toString(), "-classpath",
						System.getProperty("java.class.path")),
				null,
				Stream.iterate(0, (i) -> i < blocks.size(), (i) -> i + 1)
					.map((i) -> new Source(i, blocks.get(i)))
					.toList())
			.call();
		assertThat(diagnostics.getDiagnostics()).filteredOn((each) -> each.getKind() == Diagnostic.Kind.ERROR)
			.extracting((each) -> each.getSource() + ": " + each.getMessage(Locale.ROOT))
			.isEmpty();
		assertThat(compiled).isTrue();
	}

	/**
	 * A block in a package of its own, in a class unless it is one.
	 */
	private static final class Source extends SimpleJavaFileObject {

		private final int number;

		private final CodeBlock block;

		private Source(int number, CodeBlock block) {
			super(URI.create("string:///block" + number + "/Snippet.java"), Kind.SOURCE);
			this.number = number;
			this.block = block;
		}

		@Override
		public CharSequence getCharContent(boolean ignoreEncodingErrors) {
			String imports = IMPORTS.stream().map("import %s;%n"::formatted).collect(Collectors.joining());
			boolean isClass = this.block.text().lines().anyMatch((line) -> line.matches("(final |public )*class .*"));
			String code = isClass ? this.block.text() : "class Snippet {\n" + this.block.text() + "}\n";
			return "package block%d;%n%s%s".formatted(this.number, imports, code);
		}

		@Override
		public String toString() {
			return this.block.toString();
		}

	}

}
