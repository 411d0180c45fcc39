package io.github.http3spring.netty;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionBatches}.
 */
class ConnectionBatchesTests {

	private static final ConnectionBatches.Pace AT_ONCE = (number) -> 0;

	private static final List<Integer> CONNECTIONS = IntStream.range(0, 10).boxed().toList();

	private final EmbeddedChannel loop = new EmbeddedChannel();

	private final List<Integer> done = new ArrayList<>();

	private long now = -5;

	private long cost;

	@BeforeEach
	void freezeTime() {
		this.loop.freezeTime();
	}

	@Test
	void whatCostsNothingIsDoneAtOnceAndInOrder() {
		CompletableFuture<Void> all = start(AT_ONCE);
		assertThat(all).isCompleted();
		assertThat(this.done).isEqualTo(CONNECTIONS);
	}

	@Test
	void nothingToDoIsDoneAtOnce() {
		assertThat(ConnectionBatches.forEach(this.loop.eventLoop(), List.<Integer>of(), this.done::add)).isCompleted();
	}

	@Test
	void eventLoopRestsFourTimesAsLongAsItHasWorked() {
		this.cost = TimeUnit.MICROSECONDS.toNanos(300);
		CompletableFuture<Void> all = start(AT_ONCE);
		assertThat(this.done).hasSize(4);
		passMicros(4 * 4 * 300 - 1);
		assertThat(this.done).hasSize(4);
		passMicros(1);
		assertThat(this.done).hasSize(8);
		assertThat(all).isNotDone();
		passMicros(4 * 4 * 300);
		assertThat(this.done).isEqualTo(CONNECTIONS);
		assertThat(all).isCompleted();
	}

	@Test
	void slowMachineDoesOneAtATime() {
		this.cost = TimeUnit.MILLISECONDS.toNanos(20);
		start(AT_ONCE);
		assertThat(this.done).hasSize(1);
		passMicros(79_999);
		assertThat(this.done).hasSize(1);
		passMicros(1);
		assertThat(this.done).hasSize(2);
	}

	@Test
	void connectionWaitsForItsTurn() {
		long turn = TimeUnit.MILLISECONDS.toNanos(7);
		CompletableFuture<Void> all = start((number) -> (number < 3) ? 0 : Math.max(0, turn - 5 - this.now));
		assertThat(this.done).hasSize(3);
		passMicros(6_999);
		assertThat(this.done).hasSize(3);
		passMicros(1);
		assertThat(all).isCompleted();
	}

	@Test
	void failureEndsItAndIsTold() {
		IllegalStateException failure = new IllegalStateException();
		CompletableFuture<Void> all = ConnectionBatches.forEach(this.loop.eventLoop(), CONNECTIONS, (connection) -> {
			this.done.add(connection);
			throw failure;
		});
		assertThat(all).failsWithin(Duration.ZERO).withThrowableThat().havingCause().isSameAs(failure);
		assertThat(this.done).containsExactly(0);
		assertThat(this.loop.runScheduledPendingTasks()).isNegative();
	}

	private CompletableFuture<Void> start(ConnectionBatches.Pace pace) {
		return ConnectionBatches.forEach(this.loop.eventLoop(), CONNECTIONS, pace, (connection) -> {
			this.done.add(connection);
			this.now += this.cost;
		}, () -> this.now);
	}

	private void passMicros(long micros) {
		this.now += TimeUnit.MICROSECONDS.toNanos(micros);
		this.loop.advanceTimeBy(micros, TimeUnit.MICROSECONDS);
		this.loop.runScheduledPendingTasks();
	}

}
