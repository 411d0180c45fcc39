package io.github.http3spring;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpServer;

/**
 * A browser with a page that goes on fetching from its origin, and tells which protocol
 * each response came over, or that a fetch has failed.
 */
final class Browser implements AutoCloseable {

	private final List<Fetch> fetches = new CopyOnWriteArrayList<>();

	private final HttpServer collector;

	private final Process process;

	/**
	 * Open the page {@code /page} of {@code localhost}.
	 * @param kind the kind of browser
	 * @param port the port of the origin
	 * @param keyStore the certificate to trust
	 * @param directory for the profile
	 */
	Browser(BrowserKind kind, int port, Path keyStore, Path directory) throws Exception {
		this.collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.collector.createContext("/", (exchange) -> {
			this.fetches.add(new Fetch(URLDecoder.decode(exchange.getRequestURI().getQuery(), StandardCharsets.UTF_8),
					System.nanoTime()));
			exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
			exchange.sendResponseHeaders(204, -1);
			exchange.close();
		});
		this.collector.start();
		String url = "https://localhost:" + port + "/page?" + this.collector.getAddress().getPort();
		this.process = new ProcessBuilder(kind.command(url, keyStore, directory)).redirectErrorStream(true)
			.redirectOutput(Files.createTempFile(directory.getParent(), "browser", ".log").toFile())
			.start();
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
	 * Return what each fetch came to, in the order in which they ended.
	 */
	List<Fetch> fetches() {
		return List.copyOf(this.fetches);
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

	/**
	 * What a fetch came to.
	 *
	 * @param result a protocol, or {@code failed} with the reason
	 * @param endedAt when, by the clock of {@link System#nanoTime()}
	 */
	record Fetch(String result, long endedAt) {

		boolean hasFailed() {
			return this.result.startsWith("failed");
		}

		boolean isHttp3() {
			return this.result.equals("h3");
		}

	}

}
