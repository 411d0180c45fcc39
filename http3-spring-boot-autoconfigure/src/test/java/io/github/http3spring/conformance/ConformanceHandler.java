package io.github.http3spring.conformance;

import java.nio.charset.StandardCharsets;
import java.util.List;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;

/**
 * An application that answers with what it has been told.
 */
final class ConformanceHandler implements HttpHandler {

	@Override
	public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
		String path = request.getURI().getPath();
		if (path.startsWith("/status/")) {
			response.setStatusCode(HttpStatusCode.valueOf(Integer.parseInt(path.substring("/status/".length()))));
			return write(response, "content");
		}
		return switch (path) {
			case "/echo" -> response.writeWith(request.getBody());
			case "/read" -> DataBufferUtils.join(request.getBody())
				.map(ConformanceHandler::text)
				.defaultIfEmpty("")
				.flatMap((body) -> write(response, body));
			case "/field" -> write(response,
					String.join("|", request.getHeaders().getOrDefault(request.getURI().getQuery(), List.of())));
			case "/target" -> write(response, request.getMethod() + " " + request.getURI());
			case "/date" -> {
				response.getHeaders().setDate(0);
				yield write(response, "dated");
			}
			default -> write(response, "hello");
		};
	}

	private static String text(DataBuffer buffer) {
		String text = buffer.toString(StandardCharsets.UTF_8);
		DataBufferUtils.release(buffer);
		return text;
	}

	private static Mono<Void> write(ServerHttpResponse response, String text) {
		return response.writeWith(Flux.just(response.bufferFactory().wrap(text.getBytes(StandardCharsets.UTF_8))));
	}

}
