package io.github.http3spring;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.http3spring.wire.BodyPattern;
import io.github.http3spring.wire.StreamResetException;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireResponse;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.netty.http.client.HttpClient;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a handler can ask of a request, and what it can do to a response, is the same over
 * HTTP/3 as over TCP, of one application.
 */
@Timeout(60)
class ParityIT {

	/**
	 * What differs, and why.
	 */
	private static final Map<String, String> DIFFERENCES = Map.of(
			// The protocol is another one
			"native.protocol", "HTTP/3.0", "native.version", "HTTP/3.0",
			// HTTP/3 is advertised where it is not used yet
			"header.alt-svc", "null",
			// There is no such field in HTTP/3 (RFC 9114 section 4.2); no client sends it
			"request.header.transfer-encoding", "null",
			// Of a 304 it would be the length of a 200 (RFC 9110 section 8.6), which is
			// not 0
			"304.header.content-length", "null");

	private static final String MULTIPART = """
			--B
			Content-Disposition: form-data; name="field"

			value
			--B
			Content-Disposition: form-data; name="file"; filename="n.txt"
			Content-Type: text/plain

			content
			--B--
			""".replace("\n", "\r\n");

	@TempDir
	static Path directory;

	private static ConfigurableApplicationContext application;

	private static TestHttpClient clients;

	private static HttpClient http1;

	private static HttpClient http2;

	private static HttpClient http3;

	@BeforeAll
	static void startApplication() throws Exception {
		Files.write(directory.resolve("pattern.bin"), BodyPattern.bytes(300_000));
		Files.writeString(directory.resolve("page.txt"), "0123456789".repeat(10));
		application = TestContextRunner
			.application(ParityApplication.class, TestKeyStore.create(directory.resolve("server.p12"), "localhost"))
			.properties("parity.file=" + directory.resolve("pattern.bin"), "server.http2.enabled=true",
					"server.forward-headers-strategy=native", "server.compression.enabled=true",
					"spring.web.resources.static-locations=" + directory.toUri())
			.run();
		clients = new TestHttpClient();
		http1 = clients.tcp(TestApplication.tcpPort(application));
		http2 = clients.http2(TestApplication.tcpPort(application));
		http3 = clients.http3(TestApplication.http3Port(application));
	}

	@AfterAll
	static void closeApplication() {
		clients.close();
		application.close();
	}

	static Stream<Arguments> requests() {
		Map<String, ParityRequest> requests = new LinkedHashMap<>();
		asked(requests);
		done(requests);
		return requests.entrySet().stream().map((request) -> Arguments.of(request.getKey(), request.getValue()));
	}

	private static void asked(Map<String, ParityRequest> requests) {
		requests.put("plain", ParityRequest.get("/facts"));
		requests.put("encoded URI",
				ParityRequest.get("/facts/a%20b/%C3%A9;m=1?q=a%2Bb&r=%26&r=2&empty&%20x=%C3%BC&j=%7B%22%7D"));
		requests.put("header fields",
				ParityRequest.get("/facts")
					.header("multi", "b")
					.header("multi", "a")
					.header("multi", "c,d")
					.header("accept-language", "de-AT,de;q=0.5")
					.header("authorization", "somebody")
					.header("cookie", "a=1; b=2; a=3")
					.header("if-none-match", "\"x\""));
		requests.put("default port", ParityRequest.get("/facts").header("host", "example.org"));
		requests.put("IPv6 address", ParityRequest.get("/facts").header("host", "[2001:db8::1]"));
		requests.put("IPv6 address with a port", ParityRequest.get("/facts").header("host", "[::1]:8443"));
		requests.put("forwarded",
				ParityRequest.get("/facts")
					.header("x-forwarded-for", "192.0.2.1")
					.header("x-forwarded-proto", "http")
					.header("x-forwarded-host", "front.example:81")
					.header("x-forwarded-prefix", "/prefix"));
		requests.put("forwarded with an IPv6 address", ParityRequest.get("/facts")
			.header("forwarded", "for=\"[2001:db8::2]:99\";host=front.example;proto=https"));
		for (String method : List.of("PURGE", "OPTIONS", "DELETE", "TRACE")) {
			requests.put(method, ParityRequest.of(method, "/facts"));
		}
		requests.put("empty upload", ParityRequest.of("POST", "/facts").header("content-length", "0"));
		requests.put("form",
				ParityRequest.of("POST", "/facts?a=0")
					.header("content-type", "application/x-www-form-urlencoded")
					.body("a=1&b=%26&a=2"));
		requests.put("form of unknown length",
				ParityRequest.of("POST", "/facts")
					.header("content-type", "application/x-www-form-urlencoded")
					.bodyOfUnknownLength("a=1"));
		requests.put("multipart",
				ParityRequest.of("POST", "/facts")
					.header("content-type", "multipart/form-data; boundary=B")
					.body(MULTIPART));
	}

	private static void done(Map<String, ParityRequest> requests) {
		for (String path : List.of("/status?code=204", "/status?code=205", "/status?code=299", "/status?code=304",
				"/status?code=404", "/status?code=599", "/status-with-body?code=204", "/status-with-body?code=205",
				"/status-with-body?code=222", "/status-with-body?code=304", "/headers", "/unknown-length", "/groups",
				"/events", "/not-modified", "/session", "/text", "/page.txt", "/pattern.bin", "/nothing")) {
			requests.put(path, ParityRequest.get(path));
			requests.put("HEAD " + path, ParityRequest.of("HEAD", path));
		}
		for (String path : List.of("/zero-copy?position=0&count=300000", "/zero-copy?position=250&count=5",
				"/zero-copy?position=5&count=0", "/native", "/trailers", "/raw/x", "/raw-file", "/raw-missing")) {
			requests.put(path, ParityRequest.get(path));
		}
		requests.put("not modified", ParityRequest.get("/not-modified").header("if-none-match", "\"tag\""));
		for (String path : List.of("/text", "/text-file", "/page.txt")) {
			requests.put("compressed " + path, ParityRequest.get(path).header("accept-encoding", "gzip"));
		}
		requests.put("range", ParityRequest.get("/page.txt").header("range", "bytes=5-9"));
		requests.put("raw route with content", ParityRequest.of("POST", "/raw/echo").body("echo"));
		requests.put("web socket without an upgrade", ParityRequest.get("/web-socket"));
	}

	@Test
	void typesAreThoseThatSpringHasForReactorNetty() {
		assertThat(ParityRequest.get("/facts").ask(http3))
			.containsEntry("type.request", "org.springframework.http.server.reactive.ReactorServerHttpRequest")
			.containsEntry("type.response", "org.springframework.http.server.reactive.ReactorServerHttpResponse")
			.containsEntry("type.response.zeroCopy", "true");
	}

	@Test
	void fieldsThatTheCodecMakesUpAreNotBelievedOfAClient() throws Exception {
		Map<String, String> fields = Map.of("x-http3-scheme", "http", "x-http3-stream-id", "7", "accept", "*/*");
		String facts = overWire("GET", "/facts", fields).bodyAsString();
		assertThat(facts)
			.contains("request.header.accept: [*/*]\n", "request.uri: https://", "native.scheme: https https")
			.doesNotContain("x-http3");
	}

	@Test
	void crumbsOfCookiesAreJoined() {
		Map<String, String> facts = ParityRequest.get("/facts").header("cookie", "a=1; b=2").ask(http3);
		assertThat(facts).containsEntry("request.header.cookie", "[a=1; b=2]")
			.containsEntry("request.cookies", "{a=[a=1], b=[b=2]}");
	}

	@Test
	void cookiesMayBeAsLargeAsOverHttp1() {
		String cookies = IntStream.range(0, 250)
			.mapToObj((index) -> "name" + index + "=0123456789012345")
			.collect(Collectors.joining("; "));
		ParityRequest request = ParityRequest.get("/facts").header("cookie", cookies);
		assertThat(request.ask(http1)).containsEntry("status", "200");
		assertThat(request.ask(http3)).containsEntry("request.header.cookie", "[" + cookies + "]");
	}

	@Test
	void webSocketGetsAnAnswer() throws Exception {
		assertThat(overWire("GET", "/web-socket", Map.of()).status()).isEqualTo(400);
	}

	@Test
	void responseThatIsBrokenOffByItsHandlerIsReset() throws Exception {
		try (WireClient client = WireClient.create()) {
			WireConnection connection = connect(client);
			assertThat(connection.get("/error-after-commit").response()).failsWithin(Duration.ofSeconds(10))
				.withThrowableThat()
				.havingCause()
				.isInstanceOf(StreamResetException.class);
			assertThat(connection.get("/hello").response().get(10, TimeUnit.SECONDS).bodyAsString()).isEqualTo("hello");
		}
	}

	private static WireResponse overWire(String method, String path, Map<String, String> fields) throws Exception {
		try (WireClient client = WireClient.create()) {
			WireStream stream = connect(client).request(method, path, fields);
			stream.finish();
			return stream.response().get(10, TimeUnit.SECONDS);
		}
	}

	private static WireConnection connect(WireClient client) throws Exception {
		int port = TestApplication.http3Port(application);
		return client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)).get(10, TimeUnit.SECONDS);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("requests")
	void answerIsAsOverTcp(String name, ParityRequest request) {
		Map<String, String> overHttp1 = request.ask(http1);
		Map<String, String> overHttp2 = request.ask(http2);
		Map<String, String> overHttp3 = request.ask(http3);
		Map<String, String> differences = new HashMap<>();
		Set<String> all = new TreeSet<>(overHttp1.keySet());
		all.addAll(overHttp3.keySet());
		for (String key : all) {
			String value = overHttp3.get(key);
			if (!Objects.equals(value, overHttp1.get(key)) && !Objects.equals(value, overHttp2.get(key))) {
				boolean lengthOf304 = "304".equals(overHttp3.get("status")) && key.equals("header.content-length");
				differences.put(lengthOf304 ? "304." + key : key, String.valueOf(value));
			}
		}
		// What fails over TCP too would prove nothing
		assertThat(overHttp1.get("status")).isNotNull().isNotEqualTo("500");
		assertThat(DIFFERENCES).as("HTTP/1.1: %s", overHttp1).containsAllEntriesOf(differences);
	}

}
