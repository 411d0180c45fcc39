package io.github.http3spring.netty;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.http3spring.netty.connection.Http3Connection;
import io.github.http3spring.server.ShutdownVerdict;
import io.github.http3spring.server.StuckRequest;
import io.github.http3spring.shutdown.CloseTiming;
import io.github.http3spring.shutdown.ConnectionOutcome;
import io.github.http3spring.shutdown.ConnectionShutdown;
import io.github.http3spring.shutdown.ConnectionState;
import io.github.http3spring.shutdown.RequestAccount;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Shuts all connections of one worker down in parallel, holds the deadline of all, and
 * tells what is lost. Confined to the event loop of the connections.
 */
final class WorkerShutdown implements ConnectionRegistry.Listener {

	private static final Log logger = LogFactory.getLog(WorkerShutdown.class);

	private final ConnectionRegistry connections;

	private final EventExecutor eventLoop;

	private final List<Consumer<Supplier<ShutdownVerdict>>> listeners = new ArrayList<>();

	private @Nullable Future<?> deadline;

	private @Nullable Supplier<ShutdownVerdict> verdict;

	private final List<StuckRequest> stuck = new ArrayList<>();

	private @Nullable ShutdownAccount account;

	private int requestsLost;

	WorkerShutdown(ConnectionRegistry connections, EventExecutor eventLoop) {
		this.connections = connections;
		this.eventLoop = eventLoop;
	}

	/**
	 * Call a listener with what gives the verdict when the last connection has ended, at
	 * once if it has.
	 */
	void whenFinished(Consumer<Supplier<ShutdownVerdict>> listener) {
		if (this.verdict != null) {
			listener.accept(this.verdict);
		}
		else {
			this.listeners.add(listener);
		}
	}

	/**
	 * Start; everything that is still open after the grace period is cut off.
	 */
	void start(Duration gracePeriod, Duration spread) {
		this.account = new ShutdownAccount(this.connections.counters());
		List<Http3Connection> live = this.connections.refuseFor(this);
		live.forEach((connection) -> connection.shutdown().requests().beginAnew());
		this.deadline = this.eventLoop.schedule(this::expire, gracePeriod.toNanos(), TimeUnit.NANOSECONDS);
		ShutdownPace pace = new ShutdownPace(live.size(), spread, gracePeriod.dividedBy(2),
				(number) -> isSettled(live.get(number)), System::nanoTime);
		ConnectionBatches.forEach(this.eventLoop, live, pace, WorkerShutdown::shutDown);
		finishIfDone();
	}

	/**
	 * Return whether the shutdown of a connection does not wait for an answer of the
	 * client to a GOAWAY, because it has not begun, waits for requests or is nearly over.
	 */
	private static boolean isSettled(Http3Connection connection) {
		ConnectionState state = connection.shutdown().state();
		return state != ConnectionState.GOAWAY_SENT && state != ConnectionState.FLUSHING;
	}

	/**
	 * Shut one connection down. What is wrong with it must not keep the others from their
	 * GOAWAY.
	 */
	private static void shutDown(Http3Connection connection) {
		try {
			connection.shutdown().start();
		}
		catch (RuntimeException ex) {
			logger.warn("HTTP/3 connection " + connection.id() + " stays open until the end of the grace period", ex);
		}
	}

	/**
	 * Say what this waits for.
	 */
	ShutdownProgress progress() {
		List<Http3Connection> live = this.connections.live();
		int requests = live.stream().mapToInt((connection) -> connection.shutdown().requests().open()).sum();
		return ShutdownProgress.of(live.size(), requests, live.stream().flatMap(Http3Connection::openRequests));
	}

	/**
	 * Cut everything off that is still open.
	 */
	void expire() {
		this.connections.cutOff(Duration.ZERO);
		this.connections.live().forEach((connection) -> connection.shutdown().expire());
	}

	/**
	 * Start, and cut everything off in the same turn, because the event loop does nothing
	 * else any more: each connection has its last attempt now. The verdict does not wait
	 * for closing periods, which the socket keeps all the same.
	 */
	void cutOff() {
		start(Duration.ZERO, Duration.ZERO);
		this.connections.cutOff(CloseTiming.LAST_ATTEMPT);
		expire();
		this.connections.live().forEach((connection) -> connection.shutdown().closingPeriodEnded());
	}

	@Override
	public void connectionEnded(Http3Connection connection) {
		ConnectionShutdown life = connection.shutdown();
		StuckRequest.Reason reason = reasonOfLoss(life.outcome());
		if (reason != null) {
			tellLoss(connection, reason);
		}
		RequestAccount requests = life.requests();
		this.requestsLost += requests.lost();
		if (this.account != null) {
			this.account.undelivered(requests.undelivered(), requests.completedInVain());
		}
		finishIfDone();
	}

	private static StuckRequest.@Nullable Reason reasonOfLoss(@Nullable ConnectionOutcome outcome) {
		if (outcome == null) {
			return null;
		}
		return switch (outcome) {
			case DEADLINE -> StuckRequest.Reason.DEADLINE;
			case PEER_CLOSED -> StuckRequest.Reason.CLOSED_BY_PEER;
			case IDLE_TIMEOUT -> StuckRequest.Reason.TIMED_OUT;
			case VANISHED -> StuckRequest.Reason.VANISHED;
			case COMPLETED, REFUSED, HANDSHAKE_FAILED -> null;
		};
	}

	/**
	 * Say what was lost with a connection, unless much has been said already.
	 */
	private void tellLoss(Http3Connection connection, StuckRequest.Reason reason) {
		if (this.requestsLost >= ShutdownVerdict.MAX_STUCK_REQUESTS) {
			return;
		}
		List<StuckRequest> requests = connection.lostRequests(reason).toList();
		requests.stream().limit(ShutdownVerdict.MAX_STUCK_REQUESTS - this.stuck.size()).forEach((request) -> {
			this.stuck.add(request);
			logger.warn("HTTP/3 request " + reason + ": " + request);
		});
		int responses = connection.shutdown().requests().lost() - requests.size();
		if (responses > 0 && requests.size() < ShutdownVerdict.MAX_STUCK_REQUESTS) {
			String line = "HTTP/3 responses that were not acknowledged " + reason + ": " + responses + " for "
					+ connection.peer();
			if (reason == StuckRequest.Reason.DEADLINE) {
				// They may have arrived: only the acknowledgement may be on its way
				logger.info(line);
			}
			else {
				logger.warn(line);
			}
		}
	}

	private void finishIfDone() {
		if (!this.connections.isEmpty() || this.deadline == null || this.account == null) {
			return;
		}
		this.deadline.cancel(false);
		this.deadline = null;
		ShutdownAccount account = this.account;
		Supplier<ShutdownVerdict> verdict = () -> account.verdict(this.stuck);
		this.verdict = verdict;
		this.listeners.forEach((listener) -> listener.accept(verdict));
	}

}
