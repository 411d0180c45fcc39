package io.github.http3spring.context;

import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PreShutdownDelay}.
 */
@Timeout(10)
class PreShutdownDelayTests {

	private static final Duration LONG = Duration.ofMinutes(1);

	private final GenericApplicationContext context = new GenericApplicationContext();

	private final ReadinessWatch readiness = new ReadinessWatch(this.context);

	@BeforeEach
	void startContext() {
		this.context.addApplicationListener(this.readiness);
		this.context.refresh();
	}

	@AfterEach
	void closeContext() {
		this.context.close();
	}

	@Test
	void closeWaits() {
		withdrawReadiness();
		Duration delay = Duration.ofMillis(200);
		assertThat(close(delay, this.context)).isGreaterThanOrEqualTo(delay);
	}

	@Test
	void closeOfAChildContextDoesNotWait() {
		withdrawReadiness();
		assertThat(close(LONG, new GenericApplicationContext(this.context))).isLessThan(LONG);
	}

	@Test
	void closeOfAnApplicationThatHasNotBeenReadyDoesNotWait() {
		AvailabilityChangeEvent.publish(this.context, ReadinessState.REFUSING_TRAFFIC);
		assertThat(close(LONG, this.context)).isLessThan(LONG);
	}

	@Test
	void interruptEndsTheDelayAndIsKept() {
		withdrawReadiness();
		Thread.currentThread().interrupt();
		assertThat(close(LONG, this.context)).isLessThan(LONG);
		assertThat(Thread.interrupted()).isTrue();
	}

	private void withdrawReadiness() {
		AvailabilityChangeEvent.publish(this.context, ReadinessState.ACCEPTING_TRAFFIC);
		AvailabilityChangeEvent.publish(this.context, ReadinessState.REFUSING_TRAFFIC);
	}

	private Duration close(Duration delay, GenericApplicationContext closed) {
		long start = System.nanoTime();
		new PreShutdownDelay(delay, this.readiness, this.context).onApplicationEvent(new ContextClosedEvent(closed));
		return Duration.ofNanos(System.nanoTime() - start);
	}

}
