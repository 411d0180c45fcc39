package io.github.http3spring.shutdown;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionShutdown}.
 */
class ConnectionShutdownTests {

	private static final String FIRST_GOAWAY = "GOAWAY 4611686018427387900";

	private static final String HANDLERS = "tell handlers";

	private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

	private static final Duration GRACE_PERIOD = Duration.ofSeconds(20);

	private RecordingPort port = new RecordingPort();

	private ConnectionShutdown shutdown = established(this.port);

	/**
	 * Every event in every state, with request 0 open in all states but FLUSHING, which
	 * there is only without. CLOSING and CLOSED are reached through the deadline.
	 */
	@ParameterizedTest(name = "{0}, {1} -> {2}, does {3}")
	@CsvSource(delimiter = '|', textBlock = """
			HANDSHAKE   | REQUEST_OPENED       | HANDSHAKE   | served                                     | 1
			HANDSHAKE   | REQUEST_SUCCEEDED    | HANDSHAKE   |                                            | 1
			HANDSHAKE   | REQUEST_FAILED       | HANDSHAKE   |                                            | 1
			HANDSHAKE   | ESTABLISHED          | OPEN        |                                            | 0
			HANDSHAKE   | STARTED              | HANDSHAKE   |                                            | 2
			HANDSHAKE   | RETIRED              | HANDSHAKE   |                                            | 1
			HANDSHAKE   | DELAY_PASSED         | HANDSHAKE   |                                            | 1
			HANDSHAKE   | DELIVERED            | HANDSHAKE   |                                            | 1
			HANDSHAKE   | EXPIRED              | CLOSED      | cancel requests, refuse, closed            | 0
			HANDSHAKE   | CLOSING_PERIOD_ENDED | HANDSHAKE   |                                            | 1
			HANDSHAKE   | PEER_CLOSED          | CLOSED      | closed                                     | 0
			HANDSHAKE   | IDLE_TIMEOUT         | CLOSED      | closed                                     | 0
			HANDSHAKE   | VANISHED             | HANDSHAKE   |                                            | 1
			OPEN        | REQUEST_OPENED       | OPEN        | served                                     | 0
			OPEN        | REQUEST_SUCCEEDED    | OPEN        |                                            | 0
			OPEN        | REQUEST_FAILED       | OPEN        |                                            | 0
			OPEN        | STARTED              | GOAWAY_SENT | GOAWAY 4611686018427387900, tell handlers  | 2
			OPEN        | ESTABLISHED          | OPEN        |                                            | 0
			OPEN        | RETIRED              | GOAWAY_SENT | GOAWAY 4611686018427387900, tell handlers  | 3
			OPEN        | DELAY_PASSED         | OPEN        |                                            | 0
			OPEN        | DELIVERED            | OPEN        |                                            | 0
			OPEN        | EXPIRED              | CLOSING     | cancel requests, GOAWAY 4, CONNECTION_CLOSE | 0
			OPEN        | CLOSING_PERIOD_ENDED | OPEN        |                                            | 0
			OPEN        | PEER_CLOSED          | CLOSED      | closed                                     | 0
			OPEN        | IDLE_TIMEOUT         | CLOSED      | closed                                     | 0
			OPEN        | VANISHED             | OPEN        |                                            | 0
			GOAWAY_SENT | REQUEST_OPENED       | GOAWAY_SENT | served                                     | 2
			GOAWAY_SENT | REQUEST_SUCCEEDED    | GOAWAY_SENT |                                            | 2
			GOAWAY_SENT | REQUEST_FAILED       | GOAWAY_SENT |                                            | 2
			GOAWAY_SENT | STARTED              | GOAWAY_SENT |                                            | 2
			GOAWAY_SENT | ESTABLISHED          | GOAWAY_SENT |                                            | 2
			GOAWAY_SENT | RETIRED              | GOAWAY_SENT |                                            | 3
			GOAWAY_SENT | DELAY_PASSED         | COMPLETING  | GOAWAY 4                                   | 1
			GOAWAY_SENT | DELIVERED            | GOAWAY_SENT |                                            | 2
			GOAWAY_SENT | EXPIRED              | CLOSING     | cancel requests, GOAWAY 4, CONNECTION_CLOSE | 0
			GOAWAY_SENT | CLOSING_PERIOD_ENDED | GOAWAY_SENT |                                            | 2
			GOAWAY_SENT | PEER_CLOSED          | CLOSED      | closed                                     | 0
			GOAWAY_SENT | IDLE_TIMEOUT         | CLOSED      | closed                                     | 0
			GOAWAY_SENT | VANISHED             | CLOSING     | GOAWAY 4, cancel requests, CONNECTION_CLOSE | 0
			COMPLETING  | REQUEST_OPENED       | COMPLETING  | rejected                                   | 1
			COMPLETING  | REQUEST_SUCCEEDED    | FLUSHING    | await delivery                             | 1
			COMPLETING  | REQUEST_FAILED       | FLUSHING    | await delivery                             | 1
			COMPLETING  | STARTED              | COMPLETING  |                                            | 1
			COMPLETING  | ESTABLISHED          | COMPLETING  |                                            | 1
			COMPLETING  | RETIRED              | COMPLETING  |                                            | 2
			COMPLETING  | DELAY_PASSED         | COMPLETING  |                                            | 1
			COMPLETING  | DELIVERED            | COMPLETING  |                                            | 1
			COMPLETING  | EXPIRED              | CLOSING     | cancel requests, CONNECTION_CLOSE          | 0
			COMPLETING  | CLOSING_PERIOD_ENDED | COMPLETING  |                                            | 1
			COMPLETING  | PEER_CLOSED          | CLOSED      | closed                                     | 0
			COMPLETING  | IDLE_TIMEOUT         | CLOSED      | closed                                     | 0
			COMPLETING  | VANISHED             | CLOSING     | cancel requests, CONNECTION_CLOSE          | 0
			FLUSHING    | REQUEST_OPENED       | FLUSHING    | rejected                                   | 1
			FLUSHING    | STARTED              | FLUSHING    |                                            | 1
			FLUSHING    | ESTABLISHED          | FLUSHING    |                                            | 1
			FLUSHING    | RETIRED              | FLUSHING    |                                            | 2
			FLUSHING    | DELAY_PASSED         | FLUSHING    |                                            | 1
			FLUSHING    | DELIVERED            | CLOSING     | CONNECTION_CLOSE                           | 0
			FLUSHING    | EXPIRED              | CLOSING     | cancel requests, CONNECTION_CLOSE          | 0
			FLUSHING    | CLOSING_PERIOD_ENDED | FLUSHING    |                                            | 1
			FLUSHING    | PEER_CLOSED          | CLOSED      | closed                                     | 0
			FLUSHING    | IDLE_TIMEOUT         | CLOSED      | closed                                     | 0
			FLUSHING    | VANISHED             | CLOSING     | cancel requests, CONNECTION_CLOSE          | 0
			CLOSING     | REQUEST_OPENED       | CLOSING     | rejected                                   | 0
			CLOSING     | REQUEST_SUCCEEDED    | CLOSING     |                                            | 0
			CLOSING     | REQUEST_FAILED       | CLOSING     |                                            | 0
			CLOSING     | STARTED              | CLOSING     |                                            | 0
			CLOSING     | ESTABLISHED          | CLOSING     |                                            | 0
			CLOSING     | RETIRED              | CLOSING     |                                            | 0
			CLOSING     | DELAY_PASSED         | CLOSING     |                                            | 0
			CLOSING     | DELIVERED            | CLOSING     |                                            | 0
			CLOSING     | EXPIRED              | CLOSING     |                                            | 0
			CLOSING     | CLOSING_PERIOD_ENDED | CLOSED      | closed                                     | 0
			CLOSING     | PEER_CLOSED          | CLOSING     |                                            | 0
			CLOSING     | IDLE_TIMEOUT         | CLOSING     |                                            | 0
			CLOSING     | VANISHED             | CLOSING     |                                            | 0
			CLOSED      | REQUEST_OPENED       | CLOSED      | rejected                                   | 0
			CLOSED      | REQUEST_SUCCEEDED    | CLOSED      |                                            | 0
			CLOSED      | REQUEST_FAILED       | CLOSED      |                                            | 0
			CLOSED      | STARTED              | CLOSED      |                                            | 0
			CLOSED      | ESTABLISHED          | CLOSED      |                                            | 0
			CLOSED      | RETIRED              | CLOSED      |                                            | 0
			CLOSED      | DELAY_PASSED         | CLOSED      |                                            | 0
			CLOSED      | DELIVERED            | CLOSED      |                                            | 0
			CLOSED      | EXPIRED              | CLOSED      |                                            | 0
			CLOSED      | CLOSING_PERIOD_ENDED | CLOSED      |                                            | 0
			CLOSED      | PEER_CLOSED          | CLOSED      |                                            | 0
			CLOSED      | IDLE_TIMEOUT         | CLOSED      |                                            | 0
			CLOSED      | VANISHED             | CLOSED      |                                            | 0
			""")
	void eventLeadsToStateAndActions(ConnectionState state, Event event, ConnectionState next, String actions,
			int timers) {
		reach(state);
		event.action.accept(this);
		assertThat(this.shutdown.state()).isEqualTo(next);
		assertThat(String.join(", ", this.port.actions)).isEqualTo((actions != null) ? actions : "");
		assertThat(this.port.clock.pending()).isEqualTo(timers);
	}

	@Test
	void finalGoAwayIsZeroWhenNoRequestWasAccepted() {
		this.shutdown.start();
		passDelay();
		this.shutdown.delivered();
		assertThat(this.port.actions).containsExactly(FIRST_GOAWAY, HANDLERS, "GOAWAY 0", "await delivery",
				"CONNECTION_CLOSE");
		assertThat(this.shutdown.state()).isEqualTo(ConnectionState.CLOSING);
	}

	@Test
	void requestZeroIsRejectedWhenTheFinalGoAwayIsZero() {
		this.shutdown.start();
		passDelay();
		assertThat(this.shutdown.requestOpened(0)).isFalse();
		assertThat(this.shutdown.requests().accepted()).isZero();
	}

	@Test
	void finalGoAwayIsFourAboveTheLastRequestThatWasAccepted() {
		open(0, 4, 8);
		this.shutdown.start();
		passDelay();
		assertThat(this.port.actions).containsExactly(FIRST_GOAWAY, HANDLERS, "GOAWAY 12");
	}

	@Test
	void finalGoAwayCountsRequestsThatArriveAfterTheFirst() {
		open(0);
		this.shutdown.start();
		assertThat(this.shutdown.requestOpened(4)).isTrue();
		passDelay();
		assertThat(this.port.actions).containsExactly(FIRST_GOAWAY, HANDLERS, "GOAWAY 8");
		assertThat(this.shutdown.requests().open()).isEqualTo(2);
	}

	@Test
	void finalGoAwayIsHeldBackWhileRequestsArrive() {
		this.port.maxGoAwayDelay = RecordingPort.GOAWAY_DELAY.multipliedBy(10);
		this.shutdown.start();
		open(0);
		passDelay();
		open(4, 8);
		passDelay();
		assertThat(this.port.actions).containsExactly(FIRST_GOAWAY, HANDLERS);
		passDelay();
		assertThat(this.port.actions).containsExactly(FIRST_GOAWAY, HANDLERS, "GOAWAY 12");
		assertThat(this.port.clock.pending()).isOne();
	}

	@ParameterizedTest
	@CsvSource({ "1", "2" })
	void connectionThatIsLostWhileAGoAwayIsSentStaysClosedAndWaitsForNothing(int goAway) {
		this.port = new RecordingPort() {

			@Override
			public void sendGoAway(long streamId) {
				super.sendGoAway(streamId);
				if (this.actions.stream().filter((action) -> action.startsWith("GOAWAY")).count() == goAway) {
					ConnectionShutdownTests.this.shutdown.lost(ConnectionOutcome.IDLE_TIMEOUT);
				}
			}

		};
		this.shutdown = established(this.port);
		// A gap, for which the final GOAWAY would wait
		open(4);
		this.shutdown.retire(GRACE_PERIOD);
		passDelay();
		assertThat(this.shutdown.state()).isEqualTo(ConnectionState.CLOSED);
		assertThat(this.port.clock.pending()).isZero();
		this.port.clock.advance(GRACE_PERIOD.multipliedBy(2));
		assertThat(this.shutdown.state()).isEqualTo(ConnectionState.CLOSED);
		assertThat(this.port.actions).endsWith("closed").doesNotContain("await delivery", "CONNECTION_CLOSE");
	}

	@Test
	void finalGoAwayIsHeldBackNoLongerThanTheMaximum() {
		this.port.maxGoAwayDelay = RecordingPort.GOAWAY_DELAY.multipliedBy(3);
		this.shutdown.start();
		for (int number = 0; number < 3; number++) {
			open(4 * number);
			passDelay();
		}
		assertThat(this.port.actions).containsExactly(FIRST_GOAWAY, HANDLERS, "GOAWAY 12");
	}

	@Test
	void deadlineEndsTheWaitForRequestsThatArrive() {
		this.port.maxGoAwayDelay = RecordingPort.GOAWAY_DELAY.multipliedBy(10);
		this.shutdown.start();
		open(0);
		passDelay();
		this.shutdown.expire();
		assertThat(this.port.actions).containsExactly(FIRST_GOAWAY, HANDLERS, "cancel requests", "GOAWAY 4",
				"CONNECTION_CLOSE");
		assertThat(this.port.clock.pending()).isZero();
	}

	@Test
	void finalGoAwayDoesNotCountRequestsThatHaveEnded() {
		open(0);
		this.shutdown.requestEnded(true);
		this.shutdown.start();
		passDelay();
		assertThat(this.port.actions).startsWith(FIRST_GOAWAY, HANDLERS, "GOAWAY 4");
	}

	@Test
	void nothingIsSaidBeforeTheDelayIsOver() {
		this.shutdown.start();
		this.port.clock.advance(RecordingPort.GOAWAY_DELAY.minusNanos(1));
		assertThat(this.port.actions).containsExactly(FIRST_GOAWAY, HANDLERS);
		this.port.clock.advance(RecordingPort.GOAWAY_DELAY);
		assertThat(this.port.actions).startsWith(FIRST_GOAWAY, HANDLERS, "GOAWAY 0");
	}

	@Test
	void startingTwiceDoesNotProlongTheDelay() {
		open(0);
		this.shutdown.start();
		this.port.clock.advance(RecordingPort.GOAWAY_DELAY.dividedBy(2));
		this.shutdown.start();
		this.port.clock.advance(RecordingPort.GOAWAY_DELAY.dividedBy(2).plusNanos(1));
		assertThat(this.port.actions).containsExactly(FIRST_GOAWAY, HANDLERS, "GOAWAY 4");
		assertThat(this.port.clock.pending()).isOne();
	}

	@Test
	void requestThatEndsBeforeTheFinalGoAwayDoesNotHastenIt() {
		open(0);
		this.shutdown.start();
		this.shutdown.requestEnded(true);
		assertThat(this.shutdown.state()).isEqualTo(ConnectionState.GOAWAY_SENT);
		passDelay();
		assertThat(this.port.actions).containsExactly(FIRST_GOAWAY, HANDLERS, "GOAWAY 4", "await delivery");
	}

	@Test
	void connectionStaysOpenUntilTheLastRequestHasEnded() {
		open(0, 4);
		this.shutdown.start();
		passDelay();
		this.shutdown.requestEnded(true);
		assertThat(this.shutdown.state()).isEqualTo(ConnectionState.COMPLETING);
		this.shutdown.requestEnded(true);
		assertThat(this.shutdown.state()).isEqualTo(ConnectionState.FLUSHING);
	}

	@Test
	void requestThatFillsAGapIsServed() {
		open(4);
		this.shutdown.start();
		passDelay();
		assertThat(this.port.actions).containsExactly(FIRST_GOAWAY, HANDLERS, "GOAWAY 8");
		assertThat(this.shutdown.requestOpened(0)).isTrue();
		assertThat(this.shutdown.requestOpened(8)).isFalse();
	}

	@Test
	void gapIsWaitedForAfterTheLastRequestHasEnded() {
		open(4);
		this.shutdown.start();
		passDelay();
		this.shutdown.requestEnded(true);
		assertThat(this.shutdown.state()).isEqualTo(ConnectionState.COMPLETING);
		assertThat(this.shutdown.requestOpened(0)).isTrue();
		this.shutdown.requestEnded(true);
		assertThat(this.shutdown.state()).isEqualTo(ConnectionState.FLUSHING);
		assertThat(this.shutdown.requests().accepted()).isEqualTo(2);
	}

	@Test
	void gapThatIsFilledByARequestThatIsRefusedIsNotWaitedForAnyMore() {
		open(4);
		this.shutdown.start();
		passDelay();
		this.shutdown.requestEnded(true);
		assertThat(this.shutdown.requestOpened(0)).isTrue();
		this.shutdown.requestRefused();
		assertThat(this.shutdown.state()).isEqualTo(ConnectionState.FLUSHING);
		assertThat(this.shutdown.requests().accepted()).isOne();
	}

	@Test
	void gapIsWaitedForOnlyOneMoreDelay() {
		open(4);
		this.shutdown.start();
		passDelay();
		this.shutdown.requestEnded(true);
		this.port.clock.advance(RecordingPort.GOAWAY_DELAY.minusNanos(1));
		assertThat(this.shutdown.state()).isEqualTo(ConnectionState.COMPLETING);
		this.port.clock.advance(RecordingPort.GOAWAY_DELAY);
		assertThat(this.shutdown.state()).isEqualTo(ConnectionState.FLUSHING);
		assertThat(this.port.actions).containsExactly(FIRST_GOAWAY, HANDLERS, "GOAWAY 8", "await delivery");
	}

	@Test
	void gapThatIsNeverFilledDoesNotCutOffTheRequestAfterIt() {
		open(4);
		this.shutdown.start();
		passDelay();
		passDelay();
		assertThat(this.shutdown.state()).isEqualTo(ConnectionState.COMPLETING);
		this.shutdown.requestEnded(true);
		assertThat(this.shutdown.state()).isEqualTo(ConnectionState.FLUSHING);
	}

	@Test
	void everyGapIsWaitedFor() {
		open(12);
		this.shutdown.start();
		passDelay();
		this.shutdown.requestEnded(true);
		for (long streamId : new long[] { 8, 0 }) {
			assertThat(this.shutdown.requestOpened(streamId)).isTrue();
			this.shutdown.requestEnded(true);
			assertThat(this.shutdown.state()).isEqualTo(ConnectionState.COMPLETING);
		}
		assertThat(this.shutdown.requestOpened(4)).isTrue();
		this.shutdown.requestEnded(true);
		assertThat(this.shutdown.state()).isEqualTo(ConnectionState.FLUSHING);
	}

	@Test
	void gapThatIsFilledLateIsServedInFlushing() {
		open(4);
		this.shutdown.start();
		passDelay();
		this.shutdown.requestEnded(true);
		passDelay();
		assertThat(this.shutdown.state()).isEqualTo(ConnectionState.FLUSHING);
		assertThat(this.shutdown.requestOpened(8)).isFalse();
		assertThat(this.shutdown.requestOpened(0)).isTrue();
		this.shutdown.delivered();
		assertThat(this.shutdown.state()).isEqualTo(ConnectionState.COMPLETING);
		this.shutdown.requestEnded(true);
		this.shutdown.delivered();
		assertThat(this.shutdown.state()).isEqualTo(ConnectionState.CLOSING);
		assertThat(this.shutdown.outcome()).isEqualTo(ConnectionOutcome.COMPLETED);
	}

	@Test
	void gapThatIsFilledBeforeTheFinalGoAwayIsNotWaitedFor() {
		open(4);
		this.shutdown.start();
		assertThat(this.shutdown.requestOpened(0)).isTrue();
		passDelay();
		assertThat(this.port.clock.pending()).isOne();
		this.shutdown.requestEnded(true);
		this.shutdown.requestEnded(true);
		assertThat(this.shutdown.state()).isEqualTo(ConnectionState.FLUSHING);
	}

	@Test
	void timerOfAGapIsCancelledByTheClose() {
		open(4);
		this.shutdown.start();
		passDelay();
		assertThat(this.shutdown.requestOpened(0)).isTrue();
		this.shutdown.requestEnded(true);
		assertThat(this.port.clock.pending()).isEqualTo(2);
		this.shutdown.requestEnded(true);
		this.shutdown.delivered();
		assertThat(this.shutdown.state()).isEqualTo(ConnectionState.CLOSING);
		assertThat(this.port.clock.pending()).isZero();
	}

	@Test
	void timerOfAGapIsCancelledByTheDeadline() {
		open(4);
		this.shutdown.start();
		passDelay();
		assertThat(this.port.clock.pending()).isPositive();
		this.shutdown.expire();
		assertThat(this.port.clock.pending()).isZero();
	}

	@Test
	void timerOfAGapIsCancelledByThePeer() {
		open(4);
		this.shutdown.start();
		passDelay();
		assertThat(this.port.clock.pending()).isPositive();
		this.shutdown.lost(ConnectionOutcome.PEER_CLOSED);
		assertThat(this.port.clock.pending()).isZero();
	}

	@Test
	void idsOfGoAwayNeverIncrease() {
		open(0, 4);
		this.shutdown.start();
		passDelay();
		this.shutdown.requestOpened(8);
		this.shutdown.expire();
		assertThat(this.port.actions).containsExactly(FIRST_GOAWAY, HANDLERS, "GOAWAY 8", "cancel requests",
				"CONNECTION_CLOSE");
	}

	@ParameterizedTest
	@EnumSource(names = { "OPEN", "GOAWAY_SENT", "COMPLETING", "FLUSHING" })
	void deadlineIsTheOutcomeWhenSomethingIsCutOff(ConnectionState state) {
		reach(state);
		this.shutdown.expire();
		assertThat(this.shutdown.outcome()).isEqualTo(ConnectionOutcome.DEADLINE);
		this.shutdown.closingPeriodEnded();
		assertThat(this.shutdown.outcome()).isEqualTo(ConnectionOutcome.DEADLINE);
		assertThat(this.shutdown.state()).isEqualTo(ConnectionState.CLOSED);
	}

	@Test
	void deadlineIsTheOutcomeWhenAResponseIsNotAcknowledged() {
		open(0);
		this.shutdown.requestEnded(true);
		this.shutdown.expire();
		assertThat(this.shutdown.outcome()).isEqualTo(ConnectionOutcome.DEADLINE);
	}

	@Test
	void responsesThatAreNotAcknowledgedAtTheDeadlineAreLost() {
		open(0, 4, 8);
		this.shutdown.start();
		this.shutdown.requestEnded(true);
		this.shutdown.requestEnded(true);
		this.shutdown.expire();
		assertThat(this.shutdown.requests().undelivered()).isOne();
		assertThat(this.shutdown.requests().completedInVain()).isOne();
		assertThat(this.shutdown.requests().lost()).isEqualTo(2);
	}

	@ParameterizedTest
	@EnumSource(names = { "OPEN", "GOAWAY_SENT" })
	void completedIsTheOutcomeWhenNothingIsLeftToCutOff(ConnectionState state) {
		reach(state);
		this.shutdown.requestEnded(true);
		this.port.undelivered = 0;
		this.shutdown.expire();
		assertThat(this.shutdown.outcome()).isEqualTo(ConnectionOutcome.COMPLETED);
	}

	@ParameterizedTest
	@EnumSource(names = { "PEER_CLOSED", "IDLE_TIMEOUT" })
	void lossOfTheConnectionIsTheOutcome(ConnectionOutcome outcome) {
		reach(ConnectionState.COMPLETING);
		this.shutdown.lost(outcome);
		assertThat(this.shutdown.outcome()).isEqualTo(outcome);
		this.shutdown.closingPeriodEnded();
		this.shutdown.lost(ConnectionOutcome.DEADLINE);
		assertThat(this.shutdown.outcome()).isEqualTo(outcome);
		assertThat(this.port.actions).containsExactly("closed");
	}

	@Test
	void peerThatClosesInTheClosingPeriodDoesNotChangeTheOutcome() {
		reach(ConnectionState.FLUSHING);
		this.shutdown.delivered();
		this.shutdown.lost(ConnectionOutcome.PEER_CLOSED);
		this.shutdown.closingPeriodEnded();
		assertThat(this.shutdown.outcome()).isEqualTo(ConnectionOutcome.COMPLETED);
		assertThat(this.port.actions).containsExactly("CONNECTION_CLOSE", "closed");
	}

	@ParameterizedTest
	@EnumSource(names = { "HANDSHAKE", "OPEN", "GOAWAY_SENT", "COMPLETING", "FLUSHING" })
	void outcomeIsUnknownBeforeConnectionClose(ConnectionState state) {
		reach(state);
		assertThat(this.shutdown.state()).isEqualTo(state);
		assertThat(this.shutdown.outcome()).isNull();
	}

	@Test
	void lossesOfTheTimeBeforeCountingBeginsAreNotCounted() {
		open(0);
		this.shutdown.retire(GRACE_PERIOD);
		this.shutdown.expire();
		assertThat(this.shutdown.requests().lost()).isEqualTo(2);
		this.shutdown.requests().beginAnew();
		assertThat(this.shutdown.requests().lost()).isZero();
		assertThat(this.shutdown.requests().undelivered()).isZero();
	}

	@Test
	void responseThatIsCompletedBeforeTheConnectionIsShutDownIsCounted() {
		open(0, 4);
		this.shutdown.requests().beginAnew();
		this.shutdown.requestEnded(true);
		this.shutdown.requestEnded(false);
		this.shutdown.start();
		this.shutdown.expire();
		assertThat(this.shutdown.requests().completedInVain()).isOne();
	}

	@Test
	void responseFromBeforeCountingThatTheDeadlineCutsOffIsLostButWasNeverCompleted() {
		open(0);
		this.shutdown.requestEnded(true);
		this.shutdown.requests().beginAnew();
		this.port.undelivered = 1;
		this.shutdown.start();
		passDelay();
		this.shutdown.expire();
		assertThat(this.shutdown.requests().completedInVain()).isZero();
		assertThat(this.shutdown.requests().undelivered()).isOne();
	}

	@Test
	void handlersOfAClientThatHasVanishedAreCancelledAndItsRequestsLost() {
		open(0, 4);
		this.shutdown.start();
		passDelay();
		this.shutdown.requestEnded(true);
		this.port.actions.clear();
		vanish();
		assertThat(this.port.actions).containsExactly("cancel requests", "CONNECTION_CLOSE");
		assertThat(this.shutdown.outcome()).isEqualTo(ConnectionOutcome.VANISHED);
		assertThat(this.shutdown.requests().completedInVain()).isOne();
		assertThat(this.shutdown.requests().lost()).isEqualTo(2);
	}

	@Test
	void clientThatAnswersIsNeverTakenForOneThatHasVanished() {
		open(0);
		this.shutdown.start();
		passDelay();
		for (int packet = 1; packet <= 10; packet++) {
			this.port.activity = new PeerActivity(packet * 20L, packet, Duration.ofMillis(50), Duration.ZERO);
			this.port.clock.advance(PeerSilence.SHORTEST);
		}
		assertThat(this.shutdown.state()).isEqualTo(ConnectionState.COMPLETING);
	}

	@Test
	void connectionIsKeptAliveOncePerSilenceWhileItsRequestTakesLong() {
		this.port.idleTimeout = Optional.of(Duration.ofSeconds(6));
		open(0);
		this.shutdown.start();
		passDelay();
		this.port.actions.clear();
		this.port.clock.advance(Duration.ofSeconds(5));
		assertThat(this.port.actions).containsExactly("keep alive");
		this.port.activity = new PeerActivity(1, 1, Duration.ofMillis(50), Duration.ZERO);
		this.port.clock.advance(Duration.ofSeconds(4));
		assertThat(this.port.actions).containsExactly("keep alive", "keep alive");
	}

	@Test
	void connectionWithoutAnIdleTimeoutNeedsNotBeKeptAlive() {
		this.port.idleTimeout = Optional.empty();
		open(0);
		this.shutdown.start();
		passDelay();
		this.port.actions.clear();
		this.port.clock.advance(Duration.ofHours(1));
		assertThat(this.port.actions).isEmpty();
		assertThat(this.shutdown.state()).isEqualTo(ConnectionState.COMPLETING);
	}

	@Test
	void idleTimeoutLosesOpenRequestsAndResponsesThatWereNotAcknowledged() {
		open(0, 4);
		this.shutdown.start();
		this.shutdown.requestEnded(true);
		this.shutdown.lost(ConnectionOutcome.IDLE_TIMEOUT);
		assertThat(this.port.lostRequests).isOne();
		assertThat(this.port.lostResponses).isOne();
		assertThat(this.shutdown.requests().lost()).isEqualTo(2);
	}

	@Test
	void peerThatClosesLosesOnlyWhatItHasNoResponseTo() {
		open(0, 4);
		this.shutdown.start();
		this.shutdown.requestEnded(true);
		this.shutdown.lost(ConnectionOutcome.PEER_CLOSED);
		assertThat(this.shutdown.requests().undelivered()).isZero();
		assertThat(this.shutdown.requests().lost()).isOne();
	}

	@Test
	void nothingIsLostByAnEndThatInterruptsNothing() {
		this.port.undelivered = 0;
		this.shutdown.start();
		this.shutdown.lost(ConnectionOutcome.IDLE_TIMEOUT);
		assertThat(this.shutdown.requests().lost()).isZero();
		assertThat(this.shutdown.outcome()).isEqualTo(ConnectionOutcome.IDLE_TIMEOUT);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			OPEN      | EXPIRED     | COMPLETED
			HANDSHAKE | EXPIRED     | HANDSHAKE_FAILED
			OPEN      | PEER_CLOSED | PEER_CLOSED
			HANDSHAKE | PEER_CLOSED | HANDSHAKE_FAILED
			""")
	void connectionThatWasNeverOpenHasAFailedHandshake(ConnectionState state, Event event, ConnectionOutcome outcome) {
		reach(state);
		this.shutdown.requestEnded(true);
		this.port.undelivered = 0;
		event.action.accept(this);
		assertThat(this.shutdown.outcome()).isEqualTo(outcome);
	}

	@Test
	void handshakeThatIsNotDoneInTimeHasFailedAndItsClientIsRefused() {
		this.shutdown = handshaking(this.port);
		this.port.undelivered = 0;
		this.port.clock.advance(HANDSHAKE_TIMEOUT.minusNanos(1));
		assertThat(this.shutdown.state()).isEqualTo(ConnectionState.HANDSHAKE);
		this.port.clock.advance(Duration.ofNanos(1));
		assertThat(this.port.actions).containsExactly("refuse", "closed");
		assertThat(this.shutdown.outcome()).isEqualTo(ConnectionOutcome.HANDSHAKE_FAILED);
		assertThat(this.port.clock.pending()).isZero();
	}

	@Test
	void handshakeThatIsUnderWayAtTheStartIsWaitedForAndRefusedThen() {
		this.shutdown = handshaking(this.port);
		this.port.undelivered = 0;
		this.shutdown.start();
		this.shutdown.start();
		assertThat(this.shutdown.isShuttingDown()).isFalse();
		this.port.clock.advance(ConnectionShutdown.HANDSHAKE_WAIT.minusNanos(1));
		assertThat(this.port.actions).isEmpty();
		this.port.clock.advance(Duration.ofNanos(1));
		assertThat(this.port.actions).containsExactly("refuse", "closed");
		assertThat(this.shutdown.outcome()).isEqualTo(ConnectionOutcome.REFUSED);
		assertThat(this.port.clock.pending()).isZero();
	}

	@Test
	void handshakeThatIsDoneWhileTheShutdownWaitsForItIsShutDownLikeAnyOther() {
		this.shutdown = handshaking(this.port);
		this.shutdown.start();
		this.shutdown.established();
		assertThat(this.port.clock.pending()).isZero();
		this.shutdown.start();
		this.port.clock.advance(ConnectionShutdown.HANDSHAKE_WAIT);
		assertThat(this.port.actions).containsExactly(FIRST_GOAWAY, HANDLERS, "GOAWAY 0", "await delivery");
	}

	@Test
	void requestsOfEarlyDataAreLostWithTheirHandshake() {
		this.shutdown = handshaking(this.port);
		this.port.undelivered = 0;
		open(0, 4);
		this.shutdown.expire();
		assertThat(this.port.actions).containsExactly("cancel requests", "refuse", "closed");
		assertThat(this.port.lostRequests).isEqualTo(2);
		assertThat(this.shutdown.requests().lost()).isEqualTo(2);
	}

	@Test
	void retirementCutsOffWhatIsOpenAfterItsGracePeriod() {
		open(0);
		assertThat(this.shutdown.retire(GRACE_PERIOD)).isTrue();
		this.port.activity = new PeerActivity(0, 1, Duration.ofMillis(50), Duration.ZERO);
		this.port.clock.advance(GRACE_PERIOD.minusNanos(1));
		assertThat(this.shutdown.state()).isEqualTo(ConnectionState.COMPLETING);
		this.port.clock.advance(Duration.ofNanos(1));
		assertThat(this.shutdown.outcome()).isEqualTo(ConnectionOutcome.DEADLINE);
		assertThat(this.port.clock.pending()).isZero();
	}

	@Test
	void secondRetirementCanOnlyBringTheDeadlineForward() {
		open(0);
		assertThat(this.shutdown.retire(GRACE_PERIOD)).isTrue();
		assertThat(this.shutdown.retire(GRACE_PERIOD.multipliedBy(2))).isFalse();
		assertThat(this.shutdown.retire(GRACE_PERIOD.dividedBy(2))).isFalse();
		this.port.clock.advance(GRACE_PERIOD.dividedBy(2).minusNanos(1));
		assertThat(this.shutdown.state()).isEqualTo(ConnectionState.COMPLETING);
		this.port.clock.advance(Duration.ofNanos(1));
		assertThat(this.shutdown.outcome()).isEqualTo(ConnectionOutcome.DEADLINE);
	}

	@Test
	void deadlineOfARetirementIsCancelledByTheClose() {
		this.shutdown.retire(GRACE_PERIOD);
		passDelay();
		this.shutdown.delivered();
		assertThat(this.shutdown.outcome()).isEqualTo(ConnectionOutcome.COMPLETED);
		assertThat(this.port.clock.pending()).isZero();
	}

	@Test
	void openRequestsAreThoseThatWereAcceptedAndHaveNotEnded() {
		open(0, 4, 8);
		this.shutdown.start();
		open(12);
		this.shutdown.requestEnded(true);
		this.shutdown.requestEnded(false);
		passDelay();
		assertThat(this.shutdown.requestOpened(16)).isFalse();
		this.shutdown.requestEnded(true);
		assertThat(this.shutdown.requests().open()).isOne();
		assertThat(this.shutdown.requests().accepted()).isEqualTo(4);
	}

	@Test
	void gapIsNotServedAnyMoreWhenTheConnectionIsClosing() {
		open(4);
		this.shutdown.start();
		passDelay();
		this.shutdown.expire();
		assertThat(this.shutdown.requestOpened(0)).isFalse();
		assertThat(this.shutdown.requests().open()).isOne();
	}

	@Test
	void requestsThatTheDeadlineCancelsAreCountedOnce() {
		this.port = new RecordingPort() {

			@Override
			public void cancelRequests() {
				super.cancelRequests();
				ConnectionShutdownTests.this.shutdown.requestEnded(false);
				ConnectionShutdownTests.this.shutdown.requestEnded(false);
			}

		};
		this.port.undelivered = 0;
		this.shutdown = established(this.port);
		open(0, 4);
		this.shutdown.start();
		passDelay();
		this.port.actions.clear();
		this.shutdown.expire();
		assertThat(this.port.actions).containsExactly("cancel requests", "CONNECTION_CLOSE");
		assertThat(this.port.lostRequests).isEqualTo(2);
		assertThat(this.shutdown.requests().open()).isZero();
		assertThat(this.shutdown.outcome()).isEqualTo(ConnectionOutcome.DEADLINE);
	}

	@Test
	void requestsThatThePeerAbandonsAreCountedOnce() {
		open(0, 4);
		this.shutdown.start();
		this.shutdown.lost(ConnectionOutcome.PEER_CLOSED);
		this.shutdown.requestEnded(false);
		this.shutdown.requestEnded(false);
		assertThat(this.port.lostRequests).isEqualTo(2);
		assertThat(this.shutdown.requests().open()).isZero();
	}

	@Test
	void closeThatEndsTheChannelAtOnceIsNotTakenForALoss() {
		this.port = new RecordingPort() {

			@Override
			public void close(ConnectionOutcome outcome) {
				super.close(outcome);
				ConnectionShutdownTests.this.shutdown.lost(ConnectionOutcome.PEER_CLOSED);
				ConnectionShutdownTests.this.shutdown.closingPeriodEnded();
			}

		};
		this.shutdown = established(this.port);
		this.shutdown.start();
		passDelay();
		this.shutdown.delivered();
		assertThat(this.port.actions).containsExactly(FIRST_GOAWAY, HANDLERS, "GOAWAY 0", "await delivery",
				"CONNECTION_CLOSE", "closed");
		assertThat(this.shutdown.state()).isEqualTo(ConnectionState.CLOSED);
		assertThat(this.shutdown.outcome()).isEqualTo(ConnectionOutcome.COMPLETED);
		assertThat(this.port.clock.pending()).isZero();
	}

	@Test
	void closedIsReportedOnce() {
		reach(ConnectionState.CLOSING);
		this.shutdown.closingPeriodEnded();
		this.shutdown.closingPeriodEnded();
		this.shutdown.lost(ConnectionOutcome.IDLE_TIMEOUT);
		this.shutdown.expire();
		assertThat(this.port.actions).containsExactly("closed");
	}

	private static ConnectionShutdown established(RecordingPort port) {
		ConnectionShutdown shutdown = handshaking(port);
		shutdown.established();
		return shutdown;
	}

	private static ConnectionShutdown handshaking(RecordingPort port) {
		ConnectionShutdown shutdown = new ConnectionShutdown(port, port);
		shutdown.awaitHandshake(HANDSHAKE_TIMEOUT);
		return shutdown;
	}

	private void open(long... streamIds) {
		for (long streamId : streamIds) {
			assertThat(this.shutdown.requestOpened(streamId)).isTrue();
		}
	}

	private void passDelay() {
		this.port.clock.advance(RecordingPort.GOAWAY_DELAY);
	}

	/**
	 * Let all that is sent go unanswered for as long as it takes.
	 */
	private void vanish() {
		this.port.activity = new PeerActivity(20, 0, Duration.ofMillis(50), Duration.ZERO);
		this.port.clock.advance(PeerSilence.SHORTEST.plus(PeerWatch.INTERVAL));
		this.port.actions.removeIf("keep alive"::equals);
	}

	/**
	 * Bring the connection into a state and forget the actions on the way.
	 */
	private void reach(ConnectionState state) {
		if (state == ConnectionState.HANDSHAKE) {
			this.shutdown = handshaking(this.port);
		}
		open(0);
		switch (state) {
			case HANDSHAKE -> {
			}
			case OPEN -> {
			}
			case GOAWAY_SENT -> this.shutdown.start();
			case COMPLETING -> {
				this.shutdown.start();
				passDelay();
			}
			case FLUSHING -> {
				this.shutdown.start();
				passDelay();
				this.shutdown.requestEnded(true);
			}
			case CLOSING -> this.shutdown.expire();
			case CLOSED -> {
				this.shutdown.expire();
				this.shutdown.closingPeriodEnded();
			}
		}
		assertThat(this.shutdown.state()).isEqualTo(state);
		this.port.actions.clear();
	}

	enum Event {

		REQUEST_OPENED((test) -> test.port.actions.add(test.shutdown.requestOpened(4) ? "served" : "rejected")),

		REQUEST_SUCCEEDED((test) -> test.shutdown.requestEnded(true)),

		REQUEST_FAILED((test) -> test.shutdown.requestEnded(false)),

		ESTABLISHED((test) -> test.shutdown.established()),

		STARTED((test) -> test.shutdown.start()),

		RETIRED((test) -> test.shutdown.retire(GRACE_PERIOD)),

		DELAY_PASSED(ConnectionShutdownTests::passDelay),

		DELIVERED((test) -> test.shutdown.delivered()),

		EXPIRED((test) -> test.shutdown.expire()),

		CLOSING_PERIOD_ENDED((test) -> test.shutdown.closingPeriodEnded()),

		PEER_CLOSED((test) -> test.shutdown.lost(ConnectionOutcome.PEER_CLOSED)),

		IDLE_TIMEOUT((test) -> test.shutdown.lost(ConnectionOutcome.IDLE_TIMEOUT)),

		VANISHED(ConnectionShutdownTests::vanish);

		private final Consumer<ConnectionShutdownTests> action;

		Event(Consumer<ConnectionShutdownTests> action) {
			this.action = action;
		}

	}

}
