package io.github.http3spring.netty;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import io.github.http3spring.wire.StreamResetException;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireResponse;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.util.UriComponentsBuilder;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A handler may write anything: no response looks whole that is not (RFC 9114 section
 * 4.1.2), none says what its content is not, and none has fields that HTTP/3 forbids.
 */
class ResponseFormIT {

	private static final long INTERNAL_ERROR = 0x102;

	@AutoClose
	private final TestServer server = TestServer.start((options) -> options.handler(ResponseFormIT::respond));

	@AutoClose
	private final WireClient client = WireClient.create();

	private WireConnection connection;

	@BeforeEach
	void connect() throws Exception {
		this.connection = get(this.client.connect(this.server.address()));
	}

	@ParameterizedTest
	@CsvSource({ "GET, 200, 5, 5, 5, 5", "GET, 200, , 5, , 5", "GET, 204, 5, 5, '', 0", "HEAD, 200, 5, 5, 5, 0" })
	void lengthAndContentAreWhatTheStatusAndTheMethodAllow(String method, int status, String announced, int count,
			String length, long received) throws Exception {
		for (String how : List.of("whole", "parts", "native")) {
			WireResponse response = get(send(method, how, status, announced, count).response());
			assertThat(response.status()).as(how).isEqualTo(status);
			assertThat(response.bodyLength()).as(how).isEqualTo(received);
			assertThat(response.headers()).as(how)
				.doesNotContainKeys("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade",
						"x-hop");
			if (length != null) {
				assertThat(response.header("content-length")).as(how).isEqualTo(length);
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "GET, 200, 5, 4", "POST, 500, 200000, 199999", "GET, 200, 100000, 200000", "GET, 103, , 5" })
	void responseThatIsNotWhatItAnnouncedIsResetAndNoOther(String method, int status, String announced, int count)
			throws Exception {
		for (String how : List.of("whole", "parts", "native")) {
			WireStream bad = send(method, how, status, announced, count);
			assertThatExceptionOfType(ExecutionException.class).as(how)
				.isThrownBy(() -> get(bad.response()))
				.havingCause()
				.isInstanceOfSatisfying(StreamResetException.class,
						(ex) -> assertThat(ex.code()).as(how).isEqualTo(INTERNAL_ERROR));
			assertThat(get(send("GET", "whole", 200, "5", 5).response()).bodyLength()).isEqualTo(5);
		}
	}

	private WireStream send(String method, String how, int status, String announced, int count) {
		String length = (announced != null) ? "&announced=" + announced : "";
		WireStream stream = this.connection.request(method,
				"/%s?status=%d&count=%d%s".formatted(how, status, count, length), Map.of());
		stream.finish();
		return stream;
	}

	private static Mono<Void> respond(ServerHttpRequest request, ServerHttpResponse response) {
		Map<String, String> query = UriComponentsBuilder.fromUri(request.getURI())
			.build()
			.getQueryParams()
			.toSingleValueMap();
		int count = Integer.parseInt(query.get("count"));
		response.setStatusCode(HttpStatusCode.valueOf(Integer.parseInt(query.get("status"))));
		if (query.containsKey("announced")) {
			response.getHeaders().set("content-length", query.get("announced"));
		}
		for (String name : List.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade")) {
			response.getHeaders().add(name, "x-hop");
		}
		response.getHeaders().add("x-hop", "hop by hop");
		Mono<DataBuffer> content = Mono.fromSupplier(() -> response.bufferFactory().wrap(new byte[count]));
		return switch (request.getURI().getPath()) {
			case "/whole" -> response.writeWith(content).then(Mono.defer(response::setComplete));
			case "/parts" -> response
				.writeWith(Flux.just(count / 2, count - count / 2)
					.map((part) -> response.bufferFactory().wrap(new byte[part])))
				.then(Mono.defer(response::setComplete));
			default -> {
				HttpServerResponse nativeResponse = ServerHttpResponseDecorator.getNativeResponse(response);
				nativeResponse.status(Integer.parseInt(query.get("status")));
				yield nativeResponse.sendByteArray(Flux.just(new byte[count])).then();
			}
		};
	}

}
