package io.github.http3spring.netty.connection;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

import io.github.http3spring.shutdown.ConnectionTiming;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link KeepAlive}.
 */
class KeepAliveTests implements KeepAlive.Owner {

	private static final Duration TIMEOUT = Duration.ofMinutes(2);

	private final ConnectionTiming timing = mock();

	private final Deque<Runnable> scheduled = new ArrayDeque<>();

	private Duration now = Duration.ZERO;

	private long requests;

	private boolean busy;

	private int told;

	private KeepAlive keepAlive;

	@BeforeEach
	void setUp() {
		given(this.timing.schedule(any(), any())).willAnswer((call) -> {
			Duration delay = call.getArgument(0);
			this.scheduled.add(() -> {
				this.now = this.now.plus(delay);
				call.<Runnable>getArgument(1).run();
			});
			return (ConnectionTiming.Timer) this.scheduled::clear;
		});
		this.keepAlive = new KeepAlive(TIMEOUT, this.timing, this);
	}

	@Override
	public long requests() {
		return this.requests;
	}

	@Override
	public boolean isBusy() {
		return this.busy;
	}

	@Override
	public void keptForNothing() {
		this.told++;
	}

	private void look() {
		this.scheduled.remove().run();
	}

	private void lookUntilTold() {
		while (this.told == 0) {
			look();
		}
	}

	@Test
	void connectionWithoutAnyRequestIsNoticedWhenTheTimeIsOver() {
		lookUntilTold();
		assertThat(this.now).isEqualTo(TIMEOUT);
		assertThat(this.scheduled).as("told once").isEmpty();
	}

	@Test
	void timeBeginsAgainWithEachRequest() {
		for (int request = 0; request < 100; request++) {
			look();
			look();
			look();
			this.requests++;
		}
		assertThat(this.told).isZero();
		Duration last = this.now;
		lookUntilTold();
		assertThat(this.now.minus(last)).isBetween(TIMEOUT, TIMEOUT.plus(TIMEOUT.dividedBy(4)));
	}

	@Test
	void connectionWithAnOpenRequestIsLeftAlone() {
		this.requests = 1;
		this.busy = true;
		for (int look = 0; look < 100; look++) {
			look();
		}
		assertThat(this.told).isZero();
		this.busy = false;
		Duration end = this.now;
		lookUntilTold();
		assertThat(this.now.minus(end)).isEqualTo(TIMEOUT);
	}

	@Test
	void nothingIsNoticedOnceItIsCancelled() {
		this.keepAlive.cancel();
		assertThat(this.scheduled).isEmpty();
		assertThat(this.told).isZero();
	}

}
