package io.github.http3spring.benchmarks.client;

import java.util.concurrent.CompletableFuture;

import io.netty.incubator.codec.http3.Http3;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.util.concurrent.Future;

/**
 * A QUIC connection that sends each request on a stream of its own.
 *
 * @param channel its channel
 * @param closed told when it is to be closed
 */
record Http3Connection(QuicChannel channel, Runnable closed) implements Client.Connection {

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
		this.closed.run();
		this.channel.close();
	}

}
