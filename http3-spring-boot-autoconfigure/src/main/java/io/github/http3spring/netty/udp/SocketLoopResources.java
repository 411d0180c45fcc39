package io.github.http3spring.netty.udp;

import java.time.Duration;
import java.util.function.Consumer;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * The event loop of one worker of the HTTP/3 server alone, which lets a datagram channel
 * be prepared before Reactor Netty registers it.
 */
public final class SocketLoopResources implements LoopResources {

	private final LoopResources delegate;

	private final Consumer<DatagramChannel> preparation;

	/**
	 * Create an event loop; its thread starts when it is first used.
	 * @param name the beginning of the thread's name
	 * @param preparation called with each new datagram channel, on the thread that binds
	 */
	public SocketLoopResources(String name, Consumer<DatagramChannel> preparation) {
		this.delegate = LoopResources.create(name, 1, true);
		this.preparation = preparation;
	}

	@Override
	public boolean daemon() {
		return this.delegate.daemon();
	}

	@Override
	public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
		return this.delegate.disposeLater(quietPeriod, timeout);
	}

	@Override
	public boolean isDisposed() {
		return this.delegate.isDisposed();
	}

	@Override
	public <C extends Channel> C onChannel(Class<C> channelType, EventLoopGroup group) {
		C channel = this.delegate.onChannel(channelType, group);
		if (channel instanceof DatagramChannel datagramChannel) {
			this.preparation.accept(datagramChannel);
		}
		return channel;
	}

	@Override
	public <C extends Channel> Class<? extends C> onChannelClass(Class<C> channelType, EventLoopGroup group) {
		return this.delegate.onChannelClass(channelType, group);
	}

	@Override
	public EventLoopGroup onClient(boolean useNative) {
		return this.delegate.onClient(useNative);
	}

	@Override
	public EventLoopGroup onServer(boolean useNative) {
		return this.delegate.onServer(useNative);
	}

	@Override
	public EventLoopGroup onServerSelect(boolean useNative) {
		return this.delegate.onServerSelect(useNative);
	}

}
