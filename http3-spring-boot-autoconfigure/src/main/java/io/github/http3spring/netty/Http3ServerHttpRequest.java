package io.github.http3spring.netty;

import javax.net.ssl.SSLEngine;

import io.netty.incubator.codec.quic.QuicChannel;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;

import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.SslInfo;

/**
 * A request that knows the TLS of its connection. Spring looks for an SslHandler in the
 * pipeline, and QUIC has none.
 */
final class Http3ServerHttpRequest extends ServerHttpRequestDecorator {

	Http3ServerHttpRequest(ServerHttpRequest delegate) {
		super(delegate);
	}

	@Override
	public @Nullable SslInfo getSslInfo() {
		Connection stream = getNativeRequest(getDelegate());
		if (stream.channel().parent() instanceof QuicChannel connection) {
			SSLEngine engine = connection.sslEngine();
			return (engine != null) ? new QuicSslInfo(connection.id(), engine.getSession()) : null;
		}
		return null;
	}

}
