package io.github.http3spring.netty;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import io.github.http3spring.wire.Http3Frames;
import io.github.http3spring.wire.StreamResetException;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireResponse;
import io.github.http3spring.wire.WireStream;
import io.netty.handler.codec.http.HttpMethod;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Behind an application that passes requests on to a server of HTTP/1.1 as gateways do,
 * that server sees one request for each that was sent, and it is that one (RFC 9114
 * section 10.3).
 */
class GatewayIT {

	private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nhost: other\r\n\r\n";

	@AutoClose
	private final RecordingBackend backend = new RecordingBackend();

	@AutoClose
	private final TestServer server = TestServer.start((options) -> options.handler(this::forward));

	@AutoClose
	private final WireClient client = WireClient.create();

	private WireConnection connection;

	GatewayIT() throws Exception {
	}

	@BeforeEach
	void connect() throws Exception {
		this.connection = get(this.client.connect(this.server.address()));
	}

	@ParameterizedTest
	@CsvSource({ "GET, /a?b=%0d%0aHost:%20x, ''", "GET, /a, content", "DELETE, /a, content", "DELETE, /a, ''",
			"POST, /a, content", "POST, /a, ''", "PATCH, /a%20HTTP/1.1, content", "OPTIONS, /, ''",
			"M-SEARCH, /, content" })
	void backendSeesOneRequestAndTheSame(String method, String path, String what) throws Exception {
		String content = what.isEmpty() ? "" : SMUGGLED;
		for (String length : List.of("", String.valueOf(content.length()))) {
			Map<String, String> fields = length.isEmpty() ? Map.of("x", "y")
					: Map.of("x", "y", "content-length", length);
			WireStream stream = this.connection.rawBidirectional(Http3Frames.headers(method, "a:443", path, fields));
			if (!content.isEmpty()) {
				stream.write(content.substring(0, 5).getBytes());
				stream.write(content.substring(5).getBytes());
			}
			stream.finish();
			assertThat(get(stream.response()).bodyAsString()).isEqualTo("ok");
			String received = this.backend.received();
			assertThat(received).startsWith(method + " " + path + " HTTP/1.1\r\n")
				.containsOnlyOnce("\r\nhost: a:443\r\n")
				.containsOnlyOnce("\r\nx: y\r\n");
			assertThat(contentOf(received)).isEqualTo(content);
		}
	}

	@Test
	void hostThatRepeatsTheAuthorityIsPassedOnOnce() throws Exception {
		get(send(Http3Frames.headers("GET", "a:443", "/", Map.of("host", "A:443"))).response());
		assertThat(this.backend.received()).containsOnlyOnce("\r\nhost: ");
		get(send(Http3Frames.fields(":method", "GET", ":scheme", "https", ":path", "/", "host", "b")).response());
		assertThat(this.backend.received()).containsOnlyOnce("\r\nhost: b\r\n");
	}

	@Test
	void lengthThatIsRepeatedIsPassedOnOnce() throws Exception {
		WireStream stream = this.connection
			.rawBidirectional(Http3Frames.headers("POST", "a", "/", Map.of("content-length", "3, 3")));
		stream.write("abc".getBytes());
		stream.finish();
		assertThat(get(stream.response()).status()).isEqualTo(200);
		assertThat(this.backend.received()).containsOnlyOnce("content-length: 3\r\n").endsWith("\r\n\r\nabc");
	}

	@Test
	void trailersAreNotTakenForFieldsOfTheRequest() throws Exception {
		WireStream stream = this.connection.rawBidirectional(Http3Frames.headers("POST", "a", "/", Map.of()));
		stream.write("abc".getBytes());
		stream.raw(Http3Frames.trailers(Map.of("authorization", "x", "forwarded", "for=b")));
		stream.finish();
		assertThat(get(stream.response()).status()).isEqualTo(200);
		assertThat(this.backend.received()).endsWith("abc\r\n0\r\n\r\n").doesNotContain("authorization", "forwarded");
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "5", "1000" })
	void nothingMoreThanAnnouncedIsPassedOn(String length) throws Exception {
		WireStream stream = this.connection
			.rawBidirectional(Http3Frames.headers("POST", "a", "/", Map.of("content-length", length)));
		stream.write(("12345" + SMUGGLED).getBytes());
		stream.finish();
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(stream.response()))
			.havingCause()
			.isInstanceOfSatisfying(StreamResetException.class, (ex) -> assertThat(ex.code()).isEqualTo(0x10e));
		get(send(Http3Frames.headers("GET", "a", "/next", Map.of())).response());
		String received = this.backend.received();
		if (!received.startsWith("GET /next ")) {
			String announced = length.equals("1000") ? SMUGGLED : "";
			assertThat(received.replaceFirst(announced + "$", "")).doesNotContain("/smuggled");
			assertThat(this.backend.received()).startsWith("GET /next ");
		}
	}

	@ParameterizedTest
	@CsvSource({ "GET, 204 No Content, 5, 204, ''", "GET, 304 Not Modified, 5, 304, ''", "HEAD, 200 OK, 5, 200, 5" })
	void answerWithoutContentHasNone(String method, String status, String length, int expected, String lengthSent)
			throws Exception {
		this.backend.answer("HTTP/1.1 " + status + "\r\ncontent-length: " + length + "\r\n\r\n");
		WireResponse response = get(send(Http3Frames.headers(method, "a", "/", Map.of())).response());
		assertThat(response.status()).isEqualTo(expected);
		assertThat(response.header("content-length")).isEqualTo(lengthSent);
		assertThat(response.bodyLength()).isZero();
	}

	@Test
	void fieldsOfTheConnectionToTheBackendAreNotPassedOn() throws Exception {
		this.backend.answer("HTTP/1.1 200 OK\r\nconnection: close, x-hop\r\nkeep-alive: timeout=5\r\nx-hop: a\r\n"
				+ "proxy-connection: close\r\nupgrade: h2c\r\ntransfer-encoding: chunked\r\nx: y\r\n\r\n"
				+ "2\r\nok\r\n0\r\n\r\n");
		WireResponse response = get(send(Http3Frames.headers("GET", "a", "/", Map.of())).response());
		assertThat(response.bodyAsString()).isEqualTo("ok");
		assertThat(response.header("x")).isEqualTo("y");
		assertThat(response.headers()).doesNotContainKeys("connection", "keep-alive", "x-hop", "proxy-connection",
				"upgrade", "transfer-encoding");
	}

	@Test
	void answerThatBreaksOffDoesNotLookWhole() throws Exception {
		for (String answer : List.of("content-length: 10\r\n\r\nhalf", "transfer-encoding: chunked\r\n\r\n5\r\nhalf")) {
			this.backend.answer("HTTP/1.1 200 OK\r\n" + answer);
			WireStream stream = send(Http3Frames.headers("GET", "a", "/", Map.of()));
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> get(stream.response()))
				.havingCause()
				.isInstanceOfSatisfying(StreamResetException.class, (ex) -> assertThat(ex.code()).isEqualTo(0x102));
		}
	}

	private WireStream send(byte[] bytes) {
		WireStream stream = this.connection.rawBidirectional(bytes);
		stream.finish();
		return stream;
	}

	/**
	 * Return the content of a request as a server of HTTP/1.1 reads it, with whatever
	 * comes after its end.
	 */
	private static String contentOf(String request) {
		int end = request.indexOf("\r\n\r\n");
		String head = request.substring(0, end).toLowerCase();
		String rest = request.substring(end + 4);
		if (!head.contains("transfer-encoding: chunked")) {
			int start = head.indexOf("\r\ncontent-length: ");
			int length = (start < 0) ? 0 : Integer.parseInt(head.substring(start + 18).split("\r\n")[0]);
			assertThat(rest).hasSize(length);
			return rest;
		}
		assertThat(head).doesNotContain("content-length");
		StringBuilder content = new StringBuilder();
		int size;
		do {
			int line = rest.indexOf("\r\n");
			size = Integer.parseInt(rest.substring(0, line), 16);
			content.append(rest, line + 2, line + 2 + size);
			rest = rest.substring(line + 2 + size + 2);
		}
		while (size > 0);
		return content.append(rest).toString();
	}

	/**
	 * Pass a request on to the backend, and its response back, field by field.
	 */
	private Mono<Void> forward(ServerHttpRequest request, ServerHttpResponse response) {
		String query = request.getURI().getRawQuery();
		String target = request.getURI().getRawPath() + ((query != null) ? "?" + query : "");
		return HttpClient.create(ConnectionProvider.newConnection())
			.headers((headers) -> request.getHeaders().forEach(headers::add))
			.request(HttpMethod.valueOf(request.getMethod().name()))
			.uri("http://127.0.0.1:" + this.backend.port() + target)
			.send((outgoing, outbound) -> outbound.send(request.getBody().map(NettyDataBufferFactory::toByteBuf)))
			.responseConnection((answer, inbound) -> {
				response.setStatusCode(HttpStatusCode.valueOf(answer.status().code()));
				answer.responseHeaders()
					.forEach((field) -> response.getHeaders().add(field.getKey(), field.getValue()));
				NettyDataBufferFactory buffers = (NettyDataBufferFactory) response.bufferFactory();
				return response.writeWith(inbound.inbound().receive().retain().map(buffers::wrap))
					.then(Mono.defer(response::setComplete));
			})
			.then();
	}

}
