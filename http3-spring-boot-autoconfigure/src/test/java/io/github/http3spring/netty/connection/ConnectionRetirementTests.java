package io.github.http3spring.netty.connection;

import java.time.Duration;

import io.github.http3spring.shutdown.ConnectionPolicy;
import io.github.http3spring.shutdown.ConnectionShutdown;
import io.github.http3spring.shutdown.ConnectionTiming;
import io.github.http3spring.shutdown.RequestAccount;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link ConnectionRetirement}.
 */
class ConnectionRetirementTests {

	private static final Duration AGE = Duration.ofMinutes(10);

	private static final Duration JITTER = Duration.ofMinutes(1);

	private static final Duration GRACE = Duration.ofSeconds(30);

	private final ConnectionShutdown shutdown = mock();

	private final RequestAccount requests = mock();

	private final ConnectionTiming timing = mock();

	private final ConnectionTiming.Timer timer = mock();

	private int undelivered;

	private final ArgumentCaptor<Duration> delay = ArgumentCaptor.captor();

	private final ArgumentCaptor<Runnable> task = ArgumentCaptor.captor();

	@BeforeEach
	void setUp() {
		given(this.shutdown.requests()).willReturn(this.requests);
		given(this.shutdown.retire(any())).willReturn(true);
		given(this.timing.schedule(any(), any())).willReturn(this.timer);
	}

	@Test
	void connectionIsShutDownAtItsAge() {
		create(AGE, Duration.ZERO, 0).established();
		verify(this.timing).schedule(this.delay.capture(), this.task.capture());
		assertThat(this.delay.getValue()).isEqualTo(AGE);
		verify(this.shutdown, never()).retire(any());
		this.task.getValue().run();
		verify(this.shutdown).retire(GRACE);
	}

	@Test
	void connectionThatHasEndedMeanwhileIsNotWaitedFor() {
		given(this.shutdown.isClosing()).willReturn(true);
		given(this.requests.accepted()).willReturn(1L);
		create(new ConnectionPolicy(AGE, Duration.ZERO, GRACE, 1, AGE)).established();
		verify(this.timing, never()).schedule(any(), any());
		verify(this.shutdown).retire(GRACE);
	}

	@Test
	void agesOfConnectionsDifferByNoMoreThanTheJitter() {
		for (int connection = 0; connection < 100; connection++) {
			create(AGE, JITTER, 0).established();
		}
		verify(this.timing, times(100)).schedule(this.delay.capture(), any());
		assertThat(this.delay.getAllValues())
			.allSatisfy((age) -> assertThat(age).isBetween(AGE.minus(JITTER), AGE.plus(JITTER)));
		assertThat(this.delay.getAllValues().stream().distinct().count()).isGreaterThan(1);
	}

	@Test
	void connectionIsShutDownAfterItsLastRequest() {
		ConnectionRetirement retirement = create(null, Duration.ZERO, 3);
		given(this.requests.accepted()).willReturn(2L);
		retirement.requestAccepted();
		verify(this.shutdown, never()).retire(any());
		given(this.requests.accepted()).willReturn(3L);
		retirement.requestAccepted();
		verify(this.shutdown).retire(GRACE);
	}

	@Test
	void requestsOfEarlyDataAreCountedWhenTheHandshakeIsDone() {
		given(this.requests.accepted()).willReturn(1L);
		create(null, Duration.ZERO, 1).established();
		verify(this.shutdown).retire(GRACE);
	}

	@Test
	void connectionIsShutDownOnceAfterAThousandRequestsWithoutAnEnd() {
		ConnectionRetirement retirement = create(null, Duration.ZERO, 0);
		for (int request = 1; request < 1000; request++) {
			retirement.requestNotReceived();
		}
		verify(this.shutdown, never()).retire(any());
		retirement.requestNotReceived();
		retirement.requestNotReceived();
		verify(this.shutdown, times(1)).retire(GRACE);
	}

	@Test
	void shutdownThatHasBegunKeepsItsDeadline() {
		given(this.shutdown.isShuttingDown()).willReturn(true);
		ConnectionRetirement retirement = create(null, Duration.ZERO, 0);
		for (int request = 1; request <= 1000; request++) {
			retirement.requestNotReceived();
		}
		verify(this.shutdown, never()).retire(any());
		assertThat(retirement.begin(Duration.ofSeconds(1))).isTrue();
		verify(this.shutdown).retire(Duration.ofSeconds(1));
	}

	@Test
	void ageMattersNoMoreOnceTheShutdownHasBegun() {
		ConnectionRetirement retirement = create(AGE, Duration.ZERO, 0);
		retirement.established();
		retirement.begin();
		verify(this.timer).cancel();
		verify(this.shutdown).retire(GRACE);
	}

	@Test
	void connectionWithoutRequestsIsShutDownOnceItsResponsesAreRead() {
		Duration timeout = Duration.ofMinutes(2);
		this.undelivered = 1;
		create(new ConnectionPolicy(null, Duration.ZERO, GRACE, 0, timeout)).established();
		look(8);
		verify(this.shutdown, never()).retire(any());
		this.undelivered = 0;
		look(3);
		verify(this.shutdown, never()).retire(any());
		look(1);
		verify(this.shutdown).retire(GRACE);
	}

	private void look(int times) {
		for (int look = 0; look < times; look++) {
			verify(this.timing, atLeastOnce()).schedule(any(), this.task.capture());
			this.task.getValue().run();
		}
	}

	private ConnectionRetirement create(Duration age, Duration jitter, long maxRequests) {
		return create(new ConnectionPolicy(age, jitter, GRACE, maxRequests, null));
	}

	private ConnectionRetirement create(ConnectionPolicy policy) {
		return new ConnectionRetirement(policy, this.shutdown, this.timing, () -> this.undelivered);
	}

}
