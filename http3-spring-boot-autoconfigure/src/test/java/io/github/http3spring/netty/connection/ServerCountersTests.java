package io.github.http3spring.netty.connection;

import java.net.InetSocketAddress;
import java.time.Duration;

import io.github.http3spring.server.ConnectionCounts;
import io.github.http3spring.server.RequestCounts;
import io.github.http3spring.shutdown.ConnectionOutcome;
import io.github.http3spring.shutdown.ConnectionState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ServerCounters}.
 */
class ServerCountersTests {

	private static final Duration AGE = Duration.ofSeconds(1);

	private final ServerCounters counters = new ServerCounters();

	@ParameterizedTest
	@EnumSource
	void everyOutcomeIsCounted(ConnectionOutcome outcome) {
		this.counters.ended(outcome, AGE, 0);
		assertThat(this.counters.connections()).isEqualTo(ConnectionCounts.of(0, (each) -> (each == outcome) ? 1 : 0));
	}

	@Test
	void attemptThatIsRefusedCountsLikeAConnectionThatIs() {
		this.counters.refused(new InetSocketAddress(4711), "the server is shutting down");
		this.counters.ended(ConnectionOutcome.REFUSED, AGE, 0);
		assertThat(this.counters.connections().refused()).isEqualTo(2);
		assertThat(this.counters.connections().accepted()).isZero();
	}

	@Test
	void connectionIsAcceptedWhenItsHandshakeIsDone() {
		this.counters.accepted(new InetSocketAddress(4711));
		assertThat(this.counters.connections().accepted()).isZero();
		this.counters.handshakeDone(AGE);
		assertThat(this.counters.connections().accepted()).isOne();
		assertThat(this.counters.connections().active()).isOne();
	}

	@Test
	void requestsAreCountedByTheirEnd() {
		for (int request = 0; request < 4; request++) {
			this.counters.requestAccepted();
		}
		this.counters.requestEnded(0, true, ConnectionState.OPEN, 3);
		this.counters.requestEnded(4, false, ConnectionState.COMPLETING, 2);
		this.counters.requestRejected(16);
		assertThat(this.counters.requests()).isEqualTo(new RequestCounts(4, 1, 1, 1, 0));
		assertThat(this.counters.requests().active()).isEqualTo(2);
	}

	@Test
	void requestThatIsLostIsCountedOnceThoughItsStreamEndsLater() {
		this.counters.requestAccepted();
		this.counters.requestsLost(1, 0);
		this.counters.requestEnded(0, true, ConnectionState.CLOSING, 0);
		assertThat(this.counters.requests()).isEqualTo(new RequestCounts(1, 0, 0, 1, 1));
	}

	@Test
	void responseThatIsLostHasBeenCompletedAndStaysSo() {
		this.counters.requestAccepted();
		this.counters.requestEnded(0, true, ConnectionState.COMPLETING, 0);
		this.counters.requestsLost(0, 1);
		assertThat(this.counters.requests()).isEqualTo(new RequestCounts(1, 1, 0, 0, 1));
	}

	@Test
	void totalsAreAReadingOfAll() {
		this.counters.handshakeDone(AGE);
		this.counters.requestAccepted();
		this.counters.goAwaySent(4, 1);
		this.counters.shutdownEnded(AGE);
		assertThat(this.counters.totals().connections()).isEqualTo(this.counters.connections());
		assertThat(this.counters.totals().requests()).isEqualTo(this.counters.requests());
		assertThat(this.counters.totals().goAwaysSent()).isOne();
		assertThat(this.counters.totals().shutdowns()).isOne();
		assertThat(this.counters.totals().shutdownTime()).isEqualTo(AGE);
	}

}
