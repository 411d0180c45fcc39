package io.github.http3spring.benchmarks.client;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicChannelBootstrap;
import io.netty.util.AttributeKey;

/**
 * Gives each connection a place in the cache of sessions, where an earlier one has left a
 * ticket: a ticket serves once, so those that are open at once must not share one. The
 * codec looks for tickets by name and port of the server, which nothing else needs.
 */
final class Tickets {

	/**
	 * More than connections are ever open at once.
	 */
	static final int MOST = 10_000;

	private static final AttributeKey<Integer> PLACE = AttributeKey.valueOf("benchmarks.place");

	private final Queue<Integer> free = new ConcurrentLinkedQueue<>();

	private final AtomicInteger last = new AtomicInteger();

	void giveTo(QuicChannelBootstrap bootstrap) {
		Integer place = this.free.poll();
		bootstrap.attr(PLACE, (place != null) ? place : this.last.incrementAndGet());
	}

	void takeBack(QuicChannel channel) {
		this.free.add(of(channel));
	}

	/**
	 * Tell whether no connection has a place.
	 */
	boolean areAllBack() {
		return this.free.size() == this.last.get();
	}

	/**
	 * Return a connection's place.
	 */
	static int of(QuicChannel channel) {
		Integer place = channel.attr(PLACE).get();
		return (place != null) ? place : 0;
	}

}
