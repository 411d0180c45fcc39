package io.github.http3spring.benchmarks.vertx;

import java.util.concurrent.atomic.AtomicLong;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PfxOptions;
import io.vertx.core.net.ServerSSLOptions;

/**
 * HTTP/3 of Vert.x, with one event loop.
 */
public final class VertxProgram {

	private static final Buffer HELLO = Buffer.buffer("Hello, World!");

	private static final Buffer CHUNK = Buffer.buffer(new byte[16384]);

	private VertxProgram() {
	}

	/**
	 * Serve until the process is ended.
	 * @param args the port and the key store
	 */
	public static void main(String[] args) {
		Vertx vertx = Vertx
			.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
		ServerSSLOptions ssl = new ServerSSLOptions()
			.setKeyCertOptions(new PfxOptions().setPath(args[1]).setPassword("changeit"));
		HttpServerConfig config = new HttpServerConfig().setVersions(HttpVersion.HTTP_3)
			.setQuicHost("127.0.0.1")
			.setQuicPort(Integer.parseInt(args[0]));
		vertx.createHttpServer(config, ssl)
			.requestHandler(VertxProgram::handle)
			.listen()
			.onFailure((failure) -> {
				failure.printStackTrace();
				System.exit(1);
			});
	}

	private static void handle(HttpServerRequest request) {
		String path = request.path();
		HttpServerResponse response = request.response();
		if (path.startsWith("/bytes/")) {
			long size = Long.parseLong(path.substring("/bytes/".length()));
			response.putHeader("content-type", "application/octet-stream")
				.putHeader("content-length", Long.toString(size));
			writeChunks(response, size);
		}
		else if (path.equals("/count")) {
			AtomicLong count = new AtomicLong();
			request.handler((chunk) -> count.addAndGet(chunk.length()));
			request.endHandler((end) -> text(response, Buffer.buffer(count.toString())));
		}
		else {
			text(response, HELLO);
		}
	}

	private static void text(HttpServerResponse response, Buffer body) {
		response.putHeader("content-type", "text/plain")
			.putHeader("content-length", Integer.toString(body.length()))
			.end(body);
	}

	private static void writeChunks(HttpServerResponse response, long size) {
		long left = size;
		while (left > CHUNK.length() && !response.writeQueueFull()) {
			response.write(CHUNK);
			left -= CHUNK.length();
		}
		long rest = left;
		if (rest > CHUNK.length()) {
			response.drainHandler((drained) -> writeChunks(response, rest));
		}
		else {
			response.end(CHUNK.slice(0, (int) rest));
		}
	}

}
