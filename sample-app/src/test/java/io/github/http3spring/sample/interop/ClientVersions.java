package io.github.http3spring.sample.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import io.github.http3spring.sample.ClientPrograms;

/**
 * Finds out which versions of the clients are installed.
 */
final class ClientVersions {

	private static final Pattern VERSION = Pattern.compile("\\d+(\\.\\d+)+");

	private static final Path OWN_BUILD = Path.of("..", "sample-app", "pom.xml");

	private static final Path JAVA_BUILD = ClientPrograms.SOURCES.resolve(Path.of("java", "pom.xml"));

	private ClientVersions() {
	}

	static String of(InteropClient client) throws IOException {
		String text = switch (client) {
			case GTLSCLIENT -> debian("ngtcp2-client");
			case QUIC_GO -> debian("golang-github-lucas-clemente-quic-go-dev");
			case QUINN -> output("deno", "--version");
			case BUN -> output("bun", "--version");
			case FLUPKE -> dependency(OWN_BUILD, "flupke");
			case JETTY -> dependency(JAVA_BUILD, "jetty-http3-client-transport");
			case VERTX -> dependency(JAVA_BUILD, "vertx-core");
			case CHROMIUM -> debian("chromium");
		};
		return VERSION.matcher(text).results().map(MatchResult::group).findFirst().orElseThrow();
	}

	private static String debian(String packaged) throws IOException {
		return output("dpkg-query", "--show", "--showformat=${Version}", packaged);
	}

	private static String output(String... command) throws IOException {
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
	}

	private static String dependency(Path build, String artifact) throws IOException {
		String text = Files.readString(build);
		return text.substring(text.indexOf("<artifactId>" + artifact + "</artifactId>"));
	}

}
