package io.github.http3spring.wire;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a {@link UdpProxy}: decides for each datagram whether and when it goes
 * on. Datagrams are confined to the event loop, settings may come from any thread.
 */
final class UdpLink {

	/** More than this many delayed datagrams are lost, as in a full router queue. */
	private static final int MAX_PENDING = 32_768;

	/** How long a datagram that is to be overtaken is held back at least. */
	private static final long HOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	private final EventLoop eventLoop;

	private final Random random;

	private final AtomicInteger dropNext = new AtomicInteger();

	private final AtomicLong forwarded = new AtomicLong();

	private final AtomicLong dropped = new AtomicLong();

	/** Delayed datagrams that keep their order. */
	private final Deque<Delayed> queue = new ArrayDeque<>();

	/** Delayed datagrams that are to be overtaken. */
	private final Set<Delayed> held = new HashSet<>();

	private final AtomicInteger pending = new AtomicInteger();

	private volatile Settings settings = Settings.NONE;

	private long lastDeparture;

	UdpLink(EventLoop eventLoop, long seed) {
		this.eventLoop = eventLoop;
		this.random = new Random(seed);
	}

	// Take a datagram, whose buffer is now ours. /
	void take(ByteBuf datagram, Consumer<ByteBuf> next) {
		Settings settings = this.settings;
		// Always the same number of draws, so that changed settings don't change what the
		// seed has in store for later datagrams.
		boolean drop = this.random.nextDouble() < settings.dropRate;
		boolean hold = this.random.nextDouble() < settings.reorderRate;
		long delay = settings.delayNanos + (long) (this.random.nextDouble() * settings.jitterNanos);
		if (takeFromDropNext() || drop || settings.blackhole || this.pending.get() >= MAX_PENDING) {
			drop(datagram);
		}
		else if (hold) {
			hold(new Delayed(datagram, next), delay + Math.max(HOLD_NANOS, settings.delayNanos));
		}
		else {
			inOrder(new Delayed(datagram, next), delay);
		}
	}

	private void hold(Delayed delayed, long nanos) {
		this.pending.incrementAndGet();
		this.held.add(delayed);
		this.eventLoop.schedule(() -> depart(this.held.remove(delayed) ? delayed : null), nanos, TimeUnit.NANOSECONDS);
	}

	private void inOrder(Delayed delayed, long delay) {
		long now = System.nanoTime();
		if (this.queue.isEmpty() && delay == 0) {
			forward(delayed);
			return;
		}
		// Not before the one ahead of it.
		long departure = now + delay;
		if (!this.queue.isEmpty() && departure - this.lastDeparture < 0) {
			departure = this.lastDeparture;
		}
		this.lastDeparture = departure;
		this.pending.incrementAndGet();
		this.queue.add(delayed);
		// Timers are not exact enough to keep the order, so each sends off the first in
		// the queue, whichever that is.
		this.eventLoop.schedule(() -> depart(this.queue.poll()), departure - now, TimeUnit.NANOSECONDS);
	}

	private void depart(@Nullable Delayed delayed) {
		// There is none if close() came first.
		if (delayed == null) {
			return;
		}
		this.pending.decrementAndGet();
		if (this.settings.blackhole) {
			drop(delayed.datagram);
		}
		else {
			forward(delayed);
		}
	}

	private void forward(Delayed delayed) {
		this.forwarded.incrementAndGet();
		delayed.next.accept(delayed.datagram);
	}

	private void drop(ByteBuf datagram) {
		this.dropped.incrementAndGet();
		datagram.release();
	}

	private boolean takeFromDropNext() {
		return this.dropNext.getAndUpdate((count) -> Math.max(count - 1, 0)) > 0;
	}

	// Lose what is delayed and everything from now on. Called on the event loop. /
	void close() {
		blackhole(true);
		this.queue.forEach((delayed) -> drop(delayed.datagram));
		this.queue.clear();
		this.held.forEach((delayed) -> drop(delayed.datagram));
		this.held.clear();
		this.pending.set(0);
	}

	void drop(double rate) {
		update((now) -> new Settings(rate, now.reorderRate, now.delayNanos, now.jitterNanos, now.blackhole));
	}

	void dropNext(int count) {
		this.dropNext.set(count);
	}

	void reorder(double rate) {
		update((now) -> new Settings(now.dropRate, rate, now.delayNanos, now.jitterNanos, now.blackhole));
	}

	void delay(Duration delay, Duration jitter) {
		update((now) -> new Settings(now.dropRate, now.reorderRate, delay.toNanos(), jitter.toNanos(), now.blackhole));
	}

	void blackhole(boolean on) {
		update((now) -> new Settings(now.dropRate, now.reorderRate, now.delayNanos, now.jitterNanos, on));
	}

	void pass() {
		this.dropNext.set(0);
		update((now) -> Settings.NONE);
	}

	private synchronized void update(UnaryOperator<Settings> change) {
		this.settings = change.apply(this.settings);
	}

	long forwarded() {
		return this.forwarded.get();
	}

	long dropped() {
		return this.dropped.get();
	}

	int pending() {
		return this.pending.get();
	}

	private record Settings(double dropRate, double reorderRate, long delayNanos, long jitterNanos, boolean blackhole) {

		static final Settings NONE = new Settings(0, 0, 0, 0, false);

	}

	/** Compared by identity. */
	private static final class Delayed {

		private final ByteBuf datagram;

		private final Consumer<ByteBuf> next;

		Delayed(ByteBuf datagram, Consumer<ByteBuf> next) {
			this.datagram = datagram;
			this.next = next;
		}

	}

}
