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

import io.github.http3spring.wire.ProxiedDatagram.Fate;
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

	/** Largest datagram on a path that carries none, not even an empty one. */
	static final int NOTHING = -1;

	private final Direction direction;

	private final EventLoop eventLoop;

	private final DatagramTrace trace;

	private final Random random;

	private final AtomicInteger dropNext = new AtomicInteger();

	private final AtomicLong forwarded = new AtomicLong();

	private final AtomicLong dropped = new AtomicLong();

	/** Delayed datagrams that keep their order. */
	private final Deque<Datagram> queue = new ArrayDeque<>();

	/** Delayed datagrams that are to be overtaken. */
	private final Set<Datagram> held = new HashSet<>();

	private final AtomicInteger pending = new AtomicInteger();

	private volatile Settings settings = Settings.NONE;

	private long lastDeparture;

	private long taken;

	UdpLink(Direction direction, EventLoop eventLoop, DatagramTrace trace, long seed) {
		this.direction = direction;
		this.eventLoop = eventLoop;
		this.trace = trace;
		this.random = new Random(seed);
	}

	/**
	 * Take a datagram, whose buffer is now ours.
	 */
	void take(ByteBuf content, Consumer<ByteBuf> next) {
		Settings settings = this.settings;
		Datagram datagram = new Datagram(this.taken++, content, next);
		// Always the same number of draws, so that changed settings don't change what the
		// seed has in store for later datagrams.
		boolean drop = this.random.nextDouble() < settings.dropRate;
		boolean hold = this.random.nextDouble() < settings.reorderRate;
		long delay = settings.delayNanos + (long) (this.random.nextDouble() * settings.jitterNanos);
		if (takeFromDropNext() || drop || settings.loses(datagram) || this.pending.get() >= MAX_PENDING) {
			drop(datagram);
		}
		else if (hold) {
			hold(datagram, delay + Math.max(HOLD_NANOS, settings.delayNanos));
		}
		else {
			inOrder(datagram, delay);
		}
	}

	private void hold(Datagram datagram, long nanos) {
		this.pending.incrementAndGet();
		this.held.add(datagram);
		this.eventLoop.schedule(() -> depart(this.held.remove(datagram) ? datagram : null, Fate.REORDERED), nanos,
				TimeUnit.NANOSECONDS);
	}

	private void inOrder(Datagram datagram, long delay) {
		long now = System.nanoTime();
		if (this.queue.isEmpty() && delay == 0) {
			forward(datagram, Fate.FORWARDED);
			return;
		}
		// Not before the one ahead of it.
		long departure = now + delay;
		if (!this.queue.isEmpty() && departure - this.lastDeparture < 0) {
			departure = this.lastDeparture;
		}
		this.lastDeparture = departure;
		this.pending.incrementAndGet();
		this.queue.add(datagram);
		// Timers are not exact enough to keep the order, so each sends off the first in
		// the queue, whichever that is.
		this.eventLoop.schedule(() -> depart(this.queue.poll(), Fate.FORWARDED), departure - now, TimeUnit.NANOSECONDS);
	}

	private void depart(@Nullable Datagram datagram, Fate fate) {
		// There is none if close() came first.
		if (datagram == null) {
			return;
		}
		this.pending.decrementAndGet();
		if (this.settings.loses(datagram)) {
			drop(datagram);
		}
		else {
			forward(datagram, fate);
		}
	}

	private void forward(Datagram datagram, Fate fate) {
		trace(datagram, fate);
		this.forwarded.incrementAndGet();
		datagram.next.accept(datagram.content);
	}

	private void drop(Datagram datagram) {
		trace(datagram, Fate.DROPPED);
		this.dropped.incrementAndGet();
		datagram.content.release();
	}

	private void trace(Datagram datagram, Fate fate) {
		this.trace.add(this.direction, datagram.number, datagram.content, fate);
	}

	private boolean takeFromDropNext() {
		return this.dropNext.getAndUpdate((count) -> Math.max(count - 1, 0)) > 0;
	}

	/**
	 * Lose what is delayed and everything from now on. Called on the event loop.
	 */
	void close() {
		maxSize(NOTHING);
		this.queue.forEach(this::drop);
		this.queue.clear();
		this.held.forEach(this::drop);
		this.held.clear();
		this.pending.set(0);
	}

	void drop(double rate) {
		update((now) -> new Settings(rate, now.reorderRate, now.delayNanos, now.jitterNanos, now.maxSize));
	}

	void dropNext(int count) {
		this.dropNext.set(count);
	}

	void reorder(double rate) {
		update((now) -> new Settings(now.dropRate, rate, now.delayNanos, now.jitterNanos, now.maxSize));
	}

	void delay(Duration delay, Duration jitter) {
		update((now) -> new Settings(now.dropRate, now.reorderRate, delay.toNanos(), jitter.toNanos(), now.maxSize));
	}

	void maxSize(int bytes) {
		update((now) -> new Settings(now.dropRate, now.reorderRate, now.delayNanos, now.jitterNanos, bytes));
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

	private record Settings(double dropRate, double reorderRate, long delayNanos, long jitterNanos, int maxSize) {

		static final Settings NONE = new Settings(0, 0, 0, 0, Integer.MAX_VALUE);

		boolean loses(Datagram datagram) {
			return datagram.content.readableBytes() > this.maxSize;
		}

	}

	/** Compared by identity. */
	private static final class Datagram {

		private final long number;

		private final ByteBuf content;

		private final Consumer<ByteBuf> next;

		Datagram(long number, ByteBuf content, Consumer<ByteBuf> next) {
			this.number = number;
			this.content = content;
			this.next = next;
		}

	}

}
