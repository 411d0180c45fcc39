package io.github.http3spring.netty;

import java.time.Duration;
import java.util.List;

import io.github.http3spring.netty.connection.ServerCounters;
import io.github.http3spring.server.ConnectionCounts;
import io.github.http3spring.server.RequestCounts;
import io.github.http3spring.server.ShutdownVerdict;
import io.github.http3spring.server.StuckRequest;

/**
 * Accounts for one shutdown: the difference between what the ledger of the server says at
 * its end and what it said at its start.
 */
final class ShutdownAccount {

	private final ServerCounters ledger;

	private final ConnectionCounts connectionsBefore;

	private final RequestCounts requestsBefore;

	private final long startedAt = System.nanoTime();

	private int undelivered;

	private int completedInVain;

	/**
	 * Begin with a shutdown.
	 * @param ledger counts what the server does
	 */
	ShutdownAccount(ServerCounters ledger) {
		this.ledger = ledger;
		this.connectionsBefore = ledger.connections();
		this.requestsBefore = ledger.requests();
	}

	Duration elapsed() {
		return Duration.ofNanos(System.nanoTime() - this.startedAt);
	}

	/**
	 * Note responses that were handed to the transport and did not arrive. The ledger has
	 * counted them as completed.
	 * @param responses the number of these responses
	 * @param completedInVain those of them that were completed during the shutdown
	 */
	void undelivered(int responses, int completedInVain) {
		this.undelivered += responses;
		this.completedInVain += completedInVain;
	}

	/**
	 * Give the verdict on a shutdown that has ended.
	 * @param stuck requests that were open when their connection was lost
	 */
	ShutdownVerdict verdict(List<StuckRequest> stuck) {
		return new ShutdownVerdict(elapsed(), this.ledger.connections().since(this.connectionsBefore),
				this.ledger.requests().since(this.requestsBefore).undelivered(this.undelivered, this.completedInVain),
				List.copyOf(stuck));
	}

	/**
	 * Give the verdict on a shutdown whose end nobody can await: what is open is taken
	 * for cut off.
	 */
	ShutdownVerdict verdictOnWhatIsOpen() {
		ConnectionCounts connections = this.ledger.connections();
		RequestCounts requests = this.ledger.requests();
		return new ShutdownVerdict(elapsed(), connections.since(this.connectionsBefore).cutOff(connections.active()),
				requests.since(this.requestsBefore).cutOff(requests.active()), List.of());
	}

}
