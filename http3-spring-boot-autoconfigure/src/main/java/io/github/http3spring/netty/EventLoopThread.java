package io.github.http3spring.netty;

import java.util.Arrays;
import java.util.stream.Collectors;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.SingleThreadEventExecutor;

/**
 * Tells what the thread of an event loop is doing. Thread-safe; a look at the stack stops
 * the thread for a moment.
 */
final class EventLoopThread {

	private static final int MAX_STACK_FRAMES = 30;

	private final EventLoop eventLoop;

	EventLoopThread(EventLoop eventLoop) {
		this.eventLoop = eventLoop;
	}

	/**
	 * Return whether this is the thread: it cannot wait for what the event loop is to do.
	 */
	boolean isCurrent() {
		return this.eventLoop.inEventLoop();
	}

	/**
	 * Return whether the thread has called {@link Runtime#exit}, which waits for all
	 * shutdown hooks and never returns.
	 */
	boolean hasCalledExit() {
		return Arrays.stream(stackTrace())
			.anyMatch((frame) -> frame.getClassName().equals(Runtime.class.getName())
					&& frame.getMethodName().equals("exit"));
	}

	/**
	 * Return the stack, one line for each frame.
	 */
	String stack() {
		return Arrays.stream(stackTrace())
			.limit(MAX_STACK_FRAMES)
			.map((frame) -> "\tat " + frame)
			.collect(Collectors.joining(System.lineSeparator()));
	}

	private StackTraceElement[] stackTrace() {
		return (this.eventLoop instanceof SingleThreadEventExecutor executor) ? executor.threadProperties().stackTrace()
				: new StackTraceElement[0];
	}

}
