package io.github.http3spring.benchmarks.client;

import java.util.concurrent.CompletableFuture;

import io.netty.channel.Channel;
import io.netty.incubator.codec.http3.Http3;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A QUIC connection that sends each request on a stream of its own.
 */
final class Http3Connection implements Client.Connection {

	private final QuicChannel channel;

	private final @Nullable Channel socket;

	/**
	 * Create a connection.
	 * @param channel its channel
	 * @param socket the socket, if it is the connection's own
	 */
	Http3Connection(QuicChannel channel, @Nullable Channel socket) {
		this.channel = channel;
		this.socket = socket;
	}

	@Override
	public CompletableFuture<Client.Response> exchange(Client.Request request) {
		Http3Exchange exchange = new Http3Exchange(request);
		Http3.newRequestStream(this.channel, exchange).addListener((Future<QuicStreamChannel> future) -> {
			if (!future.isSuccess()) {
				exchange.fail(future.cause());
			}
		});
		return exchange.response();
	}

	@Override
	public void close() {
		this.channel.close().addListener((future) -> {
			if (this.socket != null) {
				this.socket.close();
			}
		});
	}

}
