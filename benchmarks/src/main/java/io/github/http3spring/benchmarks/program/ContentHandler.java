package io.github.http3spring.benchmarks.program;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;

/**
 * Answers as a plain handler of Spring's.
 */
final class ContentHandler implements HttpHandler {

	@Override
	public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
		String path = request.getPath().value();
		DataBufferFactory buffers = response.bufferFactory();
		if (path.startsWith(Content.BYTES_PATH)) {
			long size = Content.size(path);
			head(response, MediaType.APPLICATION_OCTET_STREAM, size);
			return response.writeWith(chunks(size, buffers));
		}
		if (path.equals(Content.COUNT_PATH)) {
			return count(request.getBody()).flatMap((count) -> text(response, count.toString()));
		}
		return text(response, Content.HELLO);
	}

	private static Mono<Void> text(ServerHttpResponse response, String body) {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		head(response, MediaType.TEXT_PLAIN, bytes.length);
		return response.writeWith(Mono.just(response.bufferFactory().wrap(bytes)));
	}

	private static void head(ServerHttpResponse response, MediaType type, long length) {
		HttpHeaders headers = response.getHeaders();
		headers.setContentType(type);
		headers.setContentLength(length);
	}

	static Mono<Long> count(Flux<DataBuffer> body) {
		return body.map(ContentHandler::countAndRelease).reduce(0L, Long::sum);
	}

	private static long countAndRelease(DataBuffer buffer) {
		int count = buffer.readableByteCount();
		DataBufferUtils.release(buffer);
		return count;
	}

	static Flux<DataBuffer> chunks(long size, DataBufferFactory buffers) {
		return Flux.generate(() -> size, (left, sink) -> {
			if (left == 0) {
				sink.complete();
				return left;
			}
			ByteBuffer chunk = Content.chunk(left);
			sink.next(buffers.wrap(chunk));
			return left - chunk.remaining();
		});
	}

}
