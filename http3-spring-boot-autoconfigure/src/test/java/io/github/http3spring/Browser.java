package io.github.http3spring;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpServer;

/**
 * Chromium with a page that goes on fetching from its origin, and tells which protocol
 * each response came over, or that a fetch has failed.
 */
final class Browser implements AutoCloseable {

	private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

	private final List<String> results = new CopyOnWriteArrayList<>();

	private final HttpServer collector;

	private final Process process;

	/**
	 * Open the page {@code /page} of {@code localhost}.
	 * @param port the port of the origin
	 * @param keyStore the certificate to trust
	 * @param directory for the profile
	 */
	Browser(int port, Path keyStore, Path directory) throws Exception {
		this.collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.collector.createContext("/", (exchange) -> {
			this.results.add(URLDecoder.decode(exchange.getRequestURI().getQuery(), StandardCharsets.UTF_8));
			exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
			exchange.sendResponseHeaders(204, -1);
			exchange.close();
		});
		this.collector.start();
		// A port that is not the server's: certificates need no public authority then,
		// and
		// the switch to HTTP/3 is still left to Alt-Svc
		this.process = new ProcessBuilder(CHROMIUM.toString(), "--headless", "--no-sandbox", "--disable-gpu",
				"--enable-quic", "--origin-to-force-quic-on=localhost:1",
				"--host-resolver-rules=MAP localhost 127.0.0.1",
				"--ignore-certificate-errors-spki-list=" + hash(keyStore), "--user-data-dir=" + directory,
				"--remote-debugging-port=0",
				"https://localhost:" + port + "/page?" + this.collector.getAddress().getPort())
			.redirectErrorStream(true)
			.redirectOutput(Files.createTempFile(directory.getParent(), "chromium", ".log").toFile())
			.start();
	}

	static boolean isInstalled() {
		return Files.isExecutable(CHROMIUM);
	}

	/**
	 * Return the page, whose query is the port to tell the results to.
	 */
	static String page() {
		return """
				<!doctype html><title>page</title><script>
				const collector = 'http://127.0.0.1:' + location.search.substring(1) + '/?';
				const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis));
				let number = 0;
				performance.setResourceTimingBufferSize(1000000);
				async function run() {
					while (true) {
						let result;
						try {
							const url = new URL('/slow?' + number++, location.href).href;
							const text = await (await fetch(url, { cache: 'no-store' })).text();
							let entry;
							while (!(entry = performance.getEntriesByName(url)[0])) {
								await sleep(5);
							}
							result = (text === 'done') ? entry.nextHopProtocol : 'failed: ' + text;
						}
						catch (error) {
							result = 'failed: ' + error;
						}
						await fetch(collector + encodeURIComponent(result), { mode: 'no-cors' });
						await sleep(20);
					}
				}
				for (let i = 0; i < 4; i++) {
					run();
				}
				</script>
				""";
	}

	/**
	 * Return what each fetch came to: a protocol, or {@code failed} with the reason.
	 */
	List<String> results() {
		return this.results;
	}

	private static String hash(Path keyStore) throws Exception {
		KeyStore store = KeyStore.getInstance(keyStore.toFile(), TestKeyStore.PASSWORD.toCharArray());
		byte[] key = store.getCertificate("server").getPublicKey().getEncoded();
		return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
	}

	@Override
	public void close() throws IOException {
		this.process.descendants().forEach(ProcessHandle::destroyForcibly);
		this.process.destroyForcibly();
		try {
			this.process.waitFor(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.collector.stop(0);
	}

}
