package io.github.http3spring.sample.interop;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * A client in Java that does not go with the libraries of this project. It runs in this
 * JVM, with a class path of its own.
 */
final class JavaSession extends CommandSession {

	/**
	 * Where the project {@code src/test/clients/java} leaves what it builds.
	 */
	private static final Path DIRECTORY = Path.of("..", "sample-app", "target", "java-clients");

	private static final Path CLASS_PATH = DIRECTORY.resolve("classpath");

	private static @Nullable ClassLoader classLoader;

	private final UnaryOperator<String> client;

	/**
	 * Start a client.
	 * @param name which one
	 * @param port the UDP port of the server on this host
	 */
	@SuppressWarnings("unchecked")
	JavaSession(String name, int port) throws Exception {
		this.client = within(
				() -> (UnaryOperator<String>) classLoader().loadClass("io.github.http3spring.clients.Commands")
					.getConstructor(String.class, int.class)
					.newInstance(name, port));
	}

	static boolean isBuilt() {
		return Files.exists(CLASS_PATH);
	}

	private static synchronized ClassLoader classLoader() throws IOException {
		ClassLoader current = classLoader;
		if (current == null) {
			List<URL> classPath = new ArrayList<>(List.of(url(DIRECTORY.resolve("classes"))));
			for (String library : Files.readString(CLASS_PATH).strip().split(File.pathSeparator)) {
				classPath.add(url(Path.of(library)));
			}
			current = new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
			classLoader = current;
		}
		return current;
	}

	private static URL url(Path path) throws MalformedURLException {
		return path.toUri().toURL();
	}

	@Override
	String ask(String command) throws Exception {
		return within(() -> this.client.apply(command));
	}

	/**
	 * Let the client find its own services.
	 */
	private static <T> T within(Callable<T> action) throws Exception {
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		thread.setContextClassLoader(classLoader());
		try {
			return action.call();
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	@Override
	public void close() {
		try {
			((AutoCloseable) this.client).close();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
