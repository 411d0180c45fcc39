package io.github.http3spring.soak;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.ConnectionClosedException;
import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.StreamResetException;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import org.awaitility.core.ConditionTimeoutException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Threads that visit a server again and again, each time in a way and over a network that
 * are chosen at random.
 */
final class Visitors implements AutoCloseable {

	/** H3_REQUEST_CANCELLED. */
	private static final long REQUEST_CANCELLED = 0x10c;

	private static final int THREADS = 16;

	/** H3_NO_ERROR (RFC 9114 section 8.1). */
	private static final long NO_ERROR = 0x100;

	/** CONNECTION_REFUSED (RFC 9000 section 20.1). */
	private static final long CONNECTION_REFUSED = 0x02;

	/** H3_REQUEST_REJECTED. */
	private static final long REQUEST_REJECTED = 0x10b;

	private static final WireOptions OPTIONS = WireOptions.defaults()
		.withRecordStreamEvents(false)
		.withBodyLimit(64)
		.withMaxIdleTimeout(Duration.ofSeconds(10));

	private final InetSocketAddress server;

	private final Duration pause;

	private final WireClient client = WireClient.create(OPTIONS);

	private final WireClient hasty = WireClient.create(OPTIONS.withConnectTimeout(Duration.ofMillis(300)));

	private final WireClient returning = WireClient.create(OPTIONS.withServerName("localhost").withEarlyData(true));

	private final UdpProxy lossy;

	private final UdpProxy moving;

	private final UdpProxy deaf;

	private final AtomicInteger next = new AtomicInteger();

	private final Map<Visit, Long> longest = new ConcurrentHashMap<>();

	private final AtomicLong refused = new AtomicLong();

	private final AtomicLong timeouts = new AtomicLong();

	private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

	/**
	 * Set up what visits need.
	 * @param server the address of the server
	 * @param perSecond how many visits begin in a second
	 */
	Visitors(InetSocketAddress server, int perSecond) {
		this.server = server;
		this.pause = Duration.ofSeconds(1).multipliedBy(THREADS).dividedBy(perSecond);
		this.lossy = UdpProxy.to(server, 1);
		for (Direction direction : Direction.values()) {
			this.lossy.drop(direction, 0.05);
			this.lossy.reorder(direction, 0.02);
			this.lossy.delay(direction, Duration.ofMillis(5), Duration.ofMillis(2));
		}
		this.moving = UdpProxy.to(server, 2);
		this.deaf = UdpProxy.to(server, 3);
		this.deaf.dropAll(Direction.TO_CLIENT);
	}

	/**
	 * Visit the server for some time, and return when all visits have ended.
	 */
	void visit(Duration time) throws InterruptedException {
		ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
		long end = System.nanoTime() + time.toNanos();
		for (int number = 0; number < THREADS; number++) {
			Random random = new Random(end + number);
			threads.execute(() -> {
				while (System.nanoTime() < end || this.next.get() < Visit.values().length) {
					visit(random);
					// Half as long to half as long again
					pause(this.pause.dividedBy(2).plusNanos(random.nextLong(this.pause.toNanos())));
				}
			});
		}
		threads.execute(() -> {
			while (System.nanoTime() < end) {
				this.moving.rebind();
				pause(Duration.ofSeconds(1));
			}
		});
		threads.shutdown();
		assertThat(threads.awaitTermination(time.toSeconds() + 60, TimeUnit.SECONDS)).isTrue();
	}

	private static void pause(Duration pause) {
		try {
			TimeUnit.NANOSECONDS.sleep(pause.toNanos());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void visit(Random random) {
		Visit visit = Visit.values()[this.next.getAndIncrement() % Visit.values().length];
		long start = System.nanoTime();
		try {
			visit.make(this, random);
		}
		catch (Exception | AssertionError ex) {
			note(visit, ex);
		}
		long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
		this.longest.merge(visit, millis, Math::max);
	}

	private void note(Visit visit, Throwable ex) {
		Throwable cause = ex;
		while (cause.getCause() != null
				&& (cause instanceof ExecutionException || cause instanceof CompletionException)) {
			cause = cause.getCause();
		}
		if (isOfRetirement(cause)) {
			this.refused.incrementAndGet();
		}
		else if (isTimeout(cause)) {
			this.timeouts.incrementAndGet();
		}
		else {
			this.failures.add(visit + ": " + cause);
		}
	}

	/**
	 * Return whether something took too long, which happens where a machine does much
	 * else.
	 */
	private static boolean isTimeout(Throwable cause) {
		if (cause instanceof ConnectionClosedException closed) {
			CloseFrame close = closed.closeFrame();
			// CONNECTION_REFUSED: the handshake has taken too long
			return close == null || (!close.application() && close.errorCode() == CONNECTION_REFUSED);
		}
		return cause instanceof TimeoutException || cause instanceof ConditionTimeoutException;
	}

	/**
	 * Return whether a connection was retired by the server: it ends without an error,
	 * what came too late for it is rejected, and what takes too long cancelled.
	 */
	private static boolean isOfRetirement(Throwable cause) {
		if (cause instanceof StreamResetException reset) {
			return reset.code() == REQUEST_REJECTED || reset.code() == REQUEST_CANCELLED;
		}
		CloseFrame close = (cause instanceof ConnectionClosedException closed) ? closed.closeFrame() : null;
		return close != null && close.application() && close.errorCode() == NO_ERROR;
	}

	/**
	 * Connect over a network that is chosen at random.
	 */
	WireConnection connect(Random random) throws Exception {
		InetSocketAddress address = switch (random.nextInt(4)) {
			case 0 -> this.lossy.address();
			case 1 -> this.moving.address();
			default -> this.server;
		};
		return Visit.get(this.client.connect(address));
	}

	/**
	 * Begin a handshake of which the client never hears anything.
	 */
	void vanishInHandshake() {
		this.hasty.connect(this.deaf.address()).exceptionally((ex) -> null).join();
	}

	/**
	 * Connect as a client that has been here before, if it has a ticket.
	 */
	WireConnection returnEarly() throws Exception {
		return Visit.get(this.returning.connect(this.server));
	}

	/**
	 * Return how many visits were made.
	 */
	int count() {
		return this.next.get();
	}

	/**
	 * Return how many milliseconds each kind of visit has taken at most.
	 */
	Map<Visit, Long> longest() {
		return this.longest;
	}

	/**
	 * Return how many visits met a connection that was retired.
	 */
	long refused() {
		return this.refused.get();
	}

	/**
	 * Return how many visits took too long.
	 */
	long timeouts() {
		return this.timeouts.get();
	}

	/**
	 * Return what went wrong otherwise.
	 */
	List<String> failures() {
		return List.copyOf(this.failures);
	}

	@Override
	public void close() {
		this.client.close();
		this.hasty.close();
		this.returning.close();
		this.lossy.close();
		this.moving.close();
		this.deaf.close();
	}

}
