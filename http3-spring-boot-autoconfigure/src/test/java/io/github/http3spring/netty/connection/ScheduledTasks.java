package io.github.http3spring.netty.connection;

import java.util.ArrayDeque;
import java.util.Queue;

import io.netty.channel.EventLoop;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * An event loop whose scheduled tasks wait until a test runs them.
 */
final class ScheduledTasks {

	private final EventLoop eventLoop = mock();

	private final Queue<Runnable> tasks = new ArrayDeque<>();

	ScheduledTasks() {
		given(this.eventLoop.schedule(any(Runnable.class), anyLong(), any())).willAnswer((invocation) -> {
			this.tasks.add(invocation.getArgument(0));
			return null;
		});
	}

	EventLoop eventLoop() {
		return this.eventLoop;
	}

	/**
	 * Return what waits, the next one first.
	 */
	Queue<Runnable> waiting() {
		return this.tasks;
	}

}
