package io.github.http3spring.sample;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ServerWebInputException;

/**
 * Stream bodies of any size in either direction, holding no more than a few buffers.
 */
class BodyHandler {

	Mono<ServerResponse> bytes(ServerRequest request) {
		long count = parseCount(request.pathVariable("count"));
		Flux<DataBuffer> body = BytePattern.stream(count, request.exchange().getResponse().bufferFactory());
		return ServerResponse.ok()
			.contentType(MediaType.APPLICATION_OCTET_STREAM)
			.contentLength(count)
			.body(body, DataBuffer.class);
	}

	Mono<ServerResponse> echo(ServerRequest request) {
		return ServerResponse.ok()
			.contentType(request.headers().contentType().orElse(MediaType.APPLICATION_OCTET_STREAM))
			.body(request.bodyToFlux(DataBuffer.class), DataBuffer.class);
	}

	Mono<ServerResponse> count(ServerRequest request) {
		return request.bodyToFlux(DataBuffer.class)
			.map(this::countAndRelease)
			.reduce(0L, Long::sum)
			.flatMap((count) -> ServerResponse.ok().contentType(MediaType.TEXT_PLAIN).bodyValue(count.toString()));
	}

	private long countAndRelease(DataBuffer buffer) {
		int count = buffer.readableByteCount();
		DataBufferUtils.release(buffer);
		return count;
	}

	private long parseCount(String text) {
		try {
			long count = Long.parseLong(text);
			if (count >= 0) {
				return count;
			}
		}
		catch (NumberFormatException ex) {
			// Falls through to the same answer as a negative number
		}
		throw new ServerWebInputException("The count must be a whole number from 0");
	}

}
