package io.github.http3spring.sample.demo;

import java.net.InetSocketAddress;
import java.time.Duration;

import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.UdpProxy;
import org.jspecify.annotations.Nullable;

/**
 * What is between the clients and the server: nothing, unless something is to go wrong
 * there.
 */
final class Network implements AutoCloseable {

	private final InetSocketAddress server;

	private final @Nullable UdpProxy proxy;

	Network(InetSocketAddress server, DemoOptions options) {
		this.server = server;
		this.proxy = options.isDisturbed() ? disturb(server, options) : null;
	}

	private static UdpProxy disturb(InetSocketAddress server, DemoOptions options) {
		UdpProxy proxy = UdpProxy.to(server);
		for (Direction direction : Direction.values()) {
			proxy.drop(direction, options.loss());
			proxy.delay(direction, options.delay(), Duration.ZERO);
		}
		return proxy;
	}

	/**
	 * Return where clients find the server.
	 */
	InetSocketAddress address() {
		return (this.proxy != null) ? this.proxy.address() : this.server;
	}

	@Override
	public void close() {
		if (this.proxy != null) {
			this.proxy.close();
		}
	}

}
