package io.github.http3spring.wire;

import java.util.concurrent.atomic.AtomicInteger;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;

/**
 * A UDP socket with the QUIC codec for one or more connections. Closes with the last of
 * them if all were taken that there is room for, otherwise with the client. Thread-safe.
 */
final class ClientSocket {

	private final EventLoop eventLoop;

	private final ChannelFuture bound;

	private final int capacity;

	private final AtomicInteger taken = new AtomicInteger();

	private final AtomicInteger left;

	ClientSocket(EventLoop eventLoop, ChannelFuture bound, int capacity) {
		this.eventLoop = eventLoop;
		this.bound = bound;
		this.capacity = capacity;
		this.left = new AtomicInteger(capacity);
	}

	/**
	 * Take it for one more connection.
	 * @return whether there was room
	 */
	boolean take() {
		return this.taken.getAndUpdate((count) -> Math.min(count + 1, this.capacity)) < this.capacity;
	}

	/**
	 * Note that a connection that has taken it is done with it.
	 */
	void release() {
		if (this.left.decrementAndGet() == 0) {
			channel().close();
		}
	}

	boolean isShared() {
		return this.capacity > 1;
	}

	EventLoop eventLoop() {
		return this.eventLoop;
	}

	ChannelFuture bound() {
		return this.bound;
	}

	Channel channel() {
		return this.bound.channel();
	}

}
