package io.github.http3spring.wire;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;

/**
 * Creates event loops, whose threads keep no JVM alive.
 */
public final class EventLoops {

	private EventLoops() {
	}

	/**
	 * Create event loops.
	 * @param threads how many
	 * @param name what the names of their threads begin with
	 * @return the event loops
	 */
	public static EventLoopGroup create(int threads, String name) {
		return new NioEventLoopGroup(threads, new DefaultThreadFactory(name, true));
	}

}
