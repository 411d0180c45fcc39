package io.github.http3spring.benchmarks.program;

import java.nio.ByteBuffer;
import java.time.Duration;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.Http3SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * HTTP/3 of Reactor Netty and nothing else, with its own handlers.
 */
public final class ReactorNettyProgram {

	private ReactorNettyProgram() {
	}

	/**
	 * Serve until the process is ended.
	 * @param args the port and the key store
	 * @throws Exception if it cannot
	 */
	public static void main(String[] args) throws Exception {
		server(args).handle(ReactorNettyProgram::handle).bindNow().onDispose().block();
	}

	/**
	 * Return the server, but for what handles its requests.
	 */
	static HttpServer server(String... args) throws Exception {
		Http3SslContextSpec sslContext = Http3SslContextSpec.forServer(Keys.load(args[1]), Keys.PASSWORD);
		return HttpServer.create()
			.host("127.0.0.1")
			.port(Integer.parseInt(args[0]))
			.protocol(HttpProtocol.HTTP3)
			.secure((spec) -> spec.sslContext(sslContext))
			.http3Settings((settings) -> settings.idleTimeout(Duration.ofSeconds(Windows.IDLE_SECONDS))
				.maxData(Windows.CONNECTION)
				.maxStreamDataBidirectionalLocal(Windows.STREAM)
				.maxStreamDataBidirectionalRemote(Windows.STREAM)
				.maxStreamsBidirectional(Windows.STREAMS))
			.runOn(LoopResources.create("reactor-netty", 1, true));
	}

	private static Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
		String path = request.uri();
		if (path.startsWith(Content.BYTES_PATH)) {
			long size = Content.size(path);
			return head(response, Content.BINARY, size).send(chunks(size));
		}
		if (path.equals(Content.COUNT_PATH)) {
			Mono<String> count = request.receive()
				.map(ByteBuf::readableBytes)
				.reduce(0L, Long::sum)
				.map(String::valueOf);
			return response.header(HttpHeaderNames.CONTENT_TYPE, Content.TEXT).sendString(count);
		}
		return head(response, Content.TEXT, Content.hello().length).sendObject(Unpooled.wrappedBuffer(Content.hello()));
	}

	private static HttpServerResponse head(HttpServerResponse response, String type, long length) {
		return response.header(HttpHeaderNames.CONTENT_TYPE, type)
			.header(HttpHeaderNames.CONTENT_LENGTH, Long.toString(length));
	}

	private static Flux<ByteBuf> chunks(long size) {
		return Flux.generate(() -> size, (left, sink) -> {
			if (left == 0) {
				sink.complete();
				return left;
			}
			ByteBuffer chunk = Content.chunk(left);
			sink.next(Unpooled.wrappedBuffer(chunk));
			return left - chunk.remaining();
		});
	}

}
