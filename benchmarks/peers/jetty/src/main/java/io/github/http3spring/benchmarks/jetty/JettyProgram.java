package io.github.http3spring.benchmarks.jetty;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http3.server.HTTP3ServerConnectionFactory;
import org.eclipse.jetty.http3.server.HTTP3ServerQuicConfiguration;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.quic.quiche.server.QuicheServerConnector;
import org.eclipse.jetty.quic.quiche.server.QuicheServerQuicConfiguration;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingNestedCallback;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * HTTP/3 of Jetty, which calls quiche by JNA.
 */
public final class JettyProgram {

	private static final ByteBuffer HELLO = ByteBuffer.wrap("Hello, World!".getBytes(StandardCharsets.US_ASCII));

	private static final ByteBuffer CHUNK = ByteBuffer.allocateDirect(16384).asReadOnlyBuffer();

	private JettyProgram() {
	}

	/**
	 * Serve until the process is ended.
	 * @param args the port and the key store
	 * @throws Exception if it cannot
	 */
	public static void main(String[] args) throws Exception {
		Server server = new Server();
		SslContextFactory.Server ssl = new SslContextFactory.Server();
		ssl.setKeyStorePath(args[1]);
		ssl.setKeyStorePassword("changeit");
		QuicheServerQuicConfiguration quic = HTTP3ServerQuicConfiguration
			.configure(new QuicheServerQuicConfiguration(Files.createTempDirectory("jetty")));
		QuicheServerConnector connector = new QuicheServerConnector(server, ssl, quic,
				new HTTP3ServerConnectionFactory());
		connector.setHost("127.0.0.1");
		connector.setPort(Integer.parseInt(args[0]));
		connector.setIdleTimeout(60_000);
		server.addConnector(connector);
		server.setHandler(new ContentHandler());
		server.start();
	}

	private static final class ContentHandler extends Handler.Abstract.NonBlocking {

		@Override
		public boolean handle(Request request, Response response, Callback callback) {
			String path = Request.getPathInContext(request);
			if (path.startsWith("/bytes/")) {
				long size = Long.parseLong(path.substring("/bytes/".length()));
				response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/octet-stream");
				response.getHeaders().put(HttpHeader.CONTENT_LENGTH, size);
				new Chunks(response, size, callback).iterate();
			}
			else if (path.equals("/count")) {
				count(request, response, callback, 0);
			}
			else {
				text(response, HELLO.slice(), callback);
			}
			return true;
		}

		private static void count(Request request, Response response, Callback callback, long before) {
			long count = before;
			while (true) {
				Content.Chunk chunk = request.read();
				if (chunk == null) {
					long soFar = count;
					request.demand(() -> count(request, response, callback, soFar));
					return;
				}
				if (Content.Chunk.isFailure(chunk)) {
					callback.failed(chunk.getFailure());
					return;
				}
				count += chunk.remaining();
				chunk.release();
				if (chunk.isLast()) {
					byte[] body = Long.toString(count).getBytes(StandardCharsets.US_ASCII);
					text(response, ByteBuffer.wrap(body), callback);
					return;
				}
			}
		}

		private static void text(Response response, ByteBuffer body, Callback callback) {
			response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain");
			response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.remaining());
			response.write(true, body, callback);
		}

	}

	/**
	 * Writes a large body, a chunk after the other.
	 */
	private static final class Chunks extends IteratingNestedCallback {

		private final Response response;

		private long left;

		Chunks(Response response, long size, Callback callback) {
			super(callback);
			this.response = response;
			this.left = size;
		}

		@Override
		protected Action process() {
			if (this.left == 0) {
				return Action.SUCCEEDED;
			}
			int size = (int) Math.min(this.left, CHUNK.capacity());
			this.left -= size;
			this.response.write(this.left == 0, CHUNK.slice(0, size), this);
			return Action.SCHEDULED;
		}

	}

}
