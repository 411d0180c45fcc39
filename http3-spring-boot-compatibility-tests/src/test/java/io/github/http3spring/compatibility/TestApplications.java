package io.github.http3spring.compatibility;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

import org.springframework.boot.logging.LoggingSystem;
import org.springframework.util.FileSystemUtils;

/**
 * Starts applications with TLS, and keeps what they log of HTTP/3.
 */
final class TestApplications implements BeforeAllCallback, AfterAllCallback {

	/**
	 * What brings HTTP/3.
	 */
	static final String STARTER = "io.github.http3spring:http3-spring-boot-starter";

	private static final String PASSWORD = "changeit";

	private static final List<String> ARGUMENTS = List.of("--server.port=0", "--server.address=127.0.0.1",
			"--spring.main.banner-mode=off", "--spring.main.register-shutdown-hook=false", "--spring.jmx.enabled=false",
			"--spring.reactor.netty.shutdown-quiet-period=0s",
			// What Linux grants unless it is told otherwise
			"--http3.server.udp.receive-buffer-size=200KB", "--http3.server.udp.send-buffer-size=200KB");

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.github.http3spring");

	private final Level level = this.logger.getLevel();

	private Path directory;

	private Path keyStore;

	@Override
	public void beforeAll(ExtensionContext context) throws Exception {
		this.directory = Files.createTempDirectory("applications");
		this.keyStore = keyStore(this.directory.resolve("server.p12"));
		// Otherwise each application would configure the log that they share
		System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
		this.logger.setLevel(Level.DEBUG);
		this.log.start();
		this.logger.addAppender(this.log);
	}

	@Override
	public void afterAll(ExtensionContext context) throws IOException {
		this.logger.detachAppender(this.log);
		this.logger.setLevel(this.level);
		FileSystemUtils.deleteRecursively(this.directory);
	}

	IsolatedApplication start(List<String> artifacts, List<String> without, Class<?> launcher, List<String> more)
			throws Exception {
		this.log.list.clear();
		List<String> all = new ArrayList<>(ARGUMENTS);
		all.add("--server.ssl.key-store=" + this.keyStore);
		all.add("--server.ssl.key-store-password=" + PASSWORD);
		all.addAll(more);
		return IsolatedApplication.start(ClassPath.of(artifacts, without), launcher.getName(),
				all.toArray(String[]::new));
	}

	/**
	 * Return what the application that was started last has logged of HTTP/3, each line
	 * behind its level.
	 */
	List<String> linesAboutHttp3() {
		return List.copyOf(this.log.list)
			.stream()
			.map((event) -> event.getLevel() + " " + event.getFormattedMessage())
			.filter((line) -> line.contains("HTTP/3 "))
			.toList();
	}

	/**
	 * Make a key store that must not exist yet, with the JDK's own tool.
	 */
	private static Path keyStore(Path file) throws Exception {
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-genkeypair", "-alias", "server", "-dname",
				"CN=localhost", "-ext", "san=dns:localhost,ip:127.0.0.1,ip:::1", "-validity", "30", "-keyalg", "EC",
				"-groupname", "secp256r1", "-storetype", "PKCS12", "-keystore", file.toString(), "-storepass", PASSWORD)
			.redirectErrorStream(true)
			.start();
		if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
			throw new IllegalStateException("keytool: " + new String(keytool.getInputStream().readAllBytes()));
		}
		return file;
	}

}
