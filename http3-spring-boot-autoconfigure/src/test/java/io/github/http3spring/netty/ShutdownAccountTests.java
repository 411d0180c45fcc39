package io.github.http3spring.netty;

import java.time.Duration;
import java.util.List;

import io.github.http3spring.netty.connection.ServerCounters;
import io.github.http3spring.server.RequestCounts;
import io.github.http3spring.server.ShutdownVerdict;
import io.github.http3spring.shutdown.ConnectionOutcome;
import io.github.http3spring.shutdown.ConnectionState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ShutdownAccount}.
 */
class ShutdownAccountTests {

	private static final Duration AGE = Duration.ofSeconds(1);

	private final ServerCounters ledger = new ServerCounters();

	/**
	 * A connection with two requests, one of which has ended, and a connection that has
	 * ended.
	 */
	@BeforeEach
	void serve() {
		this.ledger.handshakeDone(AGE);
		this.ledger.handshakeDone(AGE);
		this.ledger.requestAccepted();
		this.ledger.requestAccepted();
		this.ledger.requestEnded(0, true, ConnectionState.OPEN, 1);
		this.ledger.ended(ConnectionOutcome.PEER_CLOSED, AGE, 1);
	}

	@Test
	void verdictCountsWhatHasHappenedSinceTheStart() {
		ShutdownAccount account = new ShutdownAccount(this.ledger);
		this.ledger.requestEnded(4, true, ConnectionState.COMPLETING, 0);
		this.ledger.ended(ConnectionOutcome.COMPLETED, AGE, 2);
		ShutdownVerdict verdict = account.verdict(List.of());
		assertThat(verdict.connections().completed()).isOne();
		assertThat(verdict.connections().closedByPeer()).isZero();
		assertThat(verdict.requests()).isEqualTo(new RequestCounts(0, 1, 0, 0, 0));
		assertThat(verdict.isLossless()).isTrue();
		assertThat(verdict).asString().startsWith("complete in ").contains("connections 1 completed, 0 at deadline");
	}

	@Test
	void verdictAndTotalsAgreeOnAHandshakeThatHasFailed() {
		ShutdownAccount account = new ShutdownAccount(this.ledger);
		this.ledger.ended(ConnectionOutcome.HANDSHAKE_FAILED, AGE, 0);
		ShutdownVerdict verdict = account.verdict(List.of());
		assertThat(verdict.connections().handshakeFailures()).isOne();
		assertThat(verdict.connections().completed()).isZero();
		assertThat(this.ledger.totals().connections().handshakeFailures()).isOne();
		assertThat(verdict.isLossless()).isTrue();
	}

	@Test
	void responseThatWasNotAcknowledgedIsCompletedInTheTotalsAndCancelledInTheVerdict() {
		ShutdownAccount account = new ShutdownAccount(this.ledger);
		this.ledger.requestEnded(4, true, ConnectionState.COMPLETING, 0);
		this.ledger.requestsLost(0, 1);
		this.ledger.ended(ConnectionOutcome.DEADLINE, AGE, 2);
		account.undelivered(1, 1);
		ShutdownVerdict verdict = account.verdict(List.of());
		assertThat(verdict.requests()).isEqualTo(new RequestCounts(0, 0, 0, 1, 1));
		assertThat(this.ledger.totals().requests()).isEqualTo(new RequestCounts(2, 2, 0, 0, 1));
		assertThat(verdict.isLossless()).isFalse();
	}

	@Test
	void whatIsOpenIsTakenForCutOffIfTheEndCannotBeAwaited() {
		ShutdownVerdict verdict = new ShutdownAccount(this.ledger).verdictOnWhatIsOpen();
		assertThat(verdict.connections().atDeadline()).isOne();
		assertThat(verdict.requests()).isEqualTo(new RequestCounts(0, 0, 0, 1, 1));
		assertThat(verdict).asString().startsWith("incomplete in ").endsWith("1 cancelled (1 lost)");
	}

}
