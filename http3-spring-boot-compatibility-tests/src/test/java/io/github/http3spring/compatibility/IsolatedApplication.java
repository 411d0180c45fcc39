package io.github.http3spring.compatibility;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireResponse;

/**
 * An application in this JVM with a class path of its own.
 */
final class IsolatedApplication implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private final URLClassLoader classLoader;

	private final Runnable context;

	private final Map<String, Integer> ports;

	private IsolatedApplication(URLClassLoader classLoader, Runnable context, Map<String, Integer> ports) {
		this.classLoader = classLoader;
		this.context = context;
		this.ports = ports;
	}

	/**
	 * Start an application.
	 * @param classPath its class path
	 * @param launcher the class that starts it, a function from its arguments
	 */
	@SuppressWarnings("unchecked")
	static IsolatedApplication start(URL[] classPath, String launcher, String... arguments) throws Exception {
		URLClassLoader classLoader = new URLClassLoader(classPath,
				new SharedClasses(IsolatedApplication.class.getClassLoader()));
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		thread.setContextClassLoader(classLoader);
		try {
			Function<String[], Map.Entry<Runnable, Map<String, Integer>>> function = (Function<String[], Map.Entry<Runnable, Map<String, Integer>>>) classLoader
				.loadClass(launcher)
				.getDeclaredConstructor()
				.newInstance();
			Map.Entry<Runnable, Map<String, Integer>> application = function.apply(arguments);
			return new IsolatedApplication(classLoader, application.getKey(), application.getValue());
		}
		catch (Exception | LinkageError ex) {
			classLoader.close();
			throw ex;
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	/**
	 * Return status and body of a response over TCP.
	 */
	String tcp(String path) throws Exception {
		HttpClient client = HttpClient.newBuilder().sslContext(trustingEverybody()).connectTimeout(TIMEOUT).build();
		HttpResponse<String> response = client
			.send(HttpRequest.newBuilder(URI.create("https://localhost:" + this.ports.get("local.server.port") + path))
				.timeout(TIMEOUT)
				.build(), HttpResponse.BodyHandlers.ofString());
		return response.statusCode() + " " + response.body();
	}

	/**
	 * Return status and body of a response over HTTP/3.
	 */
	String http3(String path) throws Exception {
		InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(),
				this.ports.get("local.http3.server.port"));
		try (WireClient client = WireClient.create()) {
			WireConnection connection = client.connect(address).get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
			WireResponse response = connection.get(path).response().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
			connection.close();
			return response.status() + " " + response.bodyAsString();
		}
	}

	private static SSLContext trustingEverybody() throws GeneralSecurityException {
		SSLContext sslContext = SSLContext.getInstance("TLS");
		sslContext.init(null, new TrustManager[] { new TrustingEverybody() }, null);
		return sslContext;
	}

	@Override
	public void close() throws IOException {
		this.context.run();
		this.classLoader.close();
	}

	private static final class TrustingEverybody extends X509ExtendedTrustManager {

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type) {
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
