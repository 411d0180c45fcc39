package io.github.http3spring.web;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import reactor.netty.http.server.HttpServer;

/**
 * Closes the HTTP/2 connections of the TCP server that have no request, with GOAWAY. When
 * readiness is withdrawn, the next request over TCP goes where the load balancer sends it
 * then, instead of to an instance that is about to stop. A browser that has been told to
 * leave HTTP/3 would go on with such a connection otherwise, and Chromium fails a request
 * that is about to be sent on a connection while its GOAWAY arrives.
 */
public class IdleHttp2Connections {

	private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

	/**
	 * Watch the connections of a server.
	 * @param server the server
	 * @return the server to use instead
	 */
	public HttpServer watch(HttpServer server) {
		return server.doOnChannelInit((observer, channel, remoteAddress) -> this.channels.add(channel));
	}

	/**
	 * Close the connections that are idle now. May be called from any thread.
	 */
	public void close() {
		this.channels.forEach((channel) -> channel.eventLoop().execute(() -> closeIfIdle(channel)));
	}

	private static void closeIfIdle(Channel channel) {
		Http2ConnectionHandler http2 = channel.pipeline().get(Http2ConnectionHandler.class);
		if (http2 != null && http2.connection().numActiveStreams() == 0) {
			channel.close();
		}
	}

}
