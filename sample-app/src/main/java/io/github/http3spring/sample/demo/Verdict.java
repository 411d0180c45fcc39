package io.github.http3spring.sample.demo;

import java.util.ArrayList;
import java.util.List;

import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.WireEvent;
import org.jspecify.annotations.Nullable;

/**
 * Judges what the clients saw.
 */
final class Verdict {

	private static final CloseFrame NO_ERROR = new CloseFrame(true, 0x100, "");

	private static final CloseFrame CONNECTION_REFUSED = new CloseFrame(false, 0x02, "");

	private static final long REQUEST_REJECTED = 0x10b;

	private final List<String> missing = new ArrayList<>();

	private final int connections;

	private final int requests;

	private final int complete;

	private Verdict(DemoClients clients, boolean served, long vanished) {
		this.connections = clients.connections().size();
		this.requests = clients.requests().size();
		this.complete = (int) clients.requests().stream().filter(DemoRequest::isComplete).count();
		clients.connections().forEach((connection) -> check(connection, connection != clients.events()));
		DemoRequest early = clients.early();
		expect(early != null && early.isComplete(), "a request right after the first GOAWAY is served");
		expect(isRejected(clients.late()), "a request after the final GOAWAY is rejected with H3_REQUEST_REJECTED");
		expect(isRefused(clients.newcomer()), "a new connection is refused with CONNECTION_REFUSED");
		expect(clients.tcpEvents().isComplete(), "the event stream over TCP ends after a whole event");
		expect(served, "a client that comes back is served by the application that was started again");
		expect(vanished == 1, "the client that has vanished is given up before the end of the grace period");
		expect(isIdleFirst(clients), "the idle connection is closed before those with slow requests");
	}

	static Verdict of(DemoClients clients, boolean served, long vanished) {
		return new Verdict(clients, served, vanished);
	}

	private void check(DemoConnection connection, boolean outlastsGoAway) {
		List<WireEvent> events = connection.wire().events();
		expect(connection.wire().goAwayIds().equals(List.of(GoAway.FIRST_ID, nextRequestId(events))),
				connection.name() + " sees GOAWAY 2^62-4, then the one after its last request that is served");
		expect(NO_ERROR.equals(closeFrame(events)), connection.name() + " sees CONNECTION_CLOSE with H3_NO_ERROR");
		boolean inOrder = !outlastsGoAway || connection.requests().isEmpty()
				|| index(events, WireEvent.Type.GOAWAY) < index(events, WireEvent.Type.FIN);
		expect(inOrder && index(events, WireEvent.Type.CONNECTION_CLOSE) == events.size() - 1,
				connection.name() + " sees GOAWAY before the end of its last response, and CONNECTION_CLOSE after it");
	}

	private void expect(boolean met, String expectation) {
		if (!met) {
			this.missing.add(expectation);
		}
	}

	private static long nextRequestId(List<WireEvent> events) {
		return events.stream()
			.filter((event) -> event.type() == WireEvent.Type.FIN)
			.mapToLong((event) -> event.streamId() + GoAway.ID_STEP)
			.max()
			.orElse(0);
	}

	private static @Nullable CloseFrame closeFrame(List<WireEvent> events) {
		int index = index(events, WireEvent.Type.CONNECTION_CLOSE);
		return (index >= 0) ? events.get(index).closeFrame() : null;
	}

	private static int index(List<WireEvent> events, WireEvent.Type type) {
		return events.stream().map(WireEvent::type).toList().lastIndexOf(type);
	}

	private static boolean isRejected(@Nullable DemoRequest late) {
		return late != null && late.resetCode() == REQUEST_REJECTED;
	}

	private static boolean isRefused(@Nullable Newcomer newcomer) {
		return newcomer != null && CONNECTION_REFUSED.equals(newcomer.closeFrame());
	}

	private static boolean isIdleFirst(DemoClients clients) {
		return clients.slow().stream().allMatch((connection) -> clients.idle().endedAt() < connection.endedAt());
	}

	int connections() {
		return this.connections;
	}

	int requests() {
		return this.requests;
	}

	int complete() {
		return this.complete;
	}

	/**
	 * Return the expectations that were not met.
	 */
	List<String> missing() {
		return this.missing;
	}

	boolean isGood() {
		return this.complete == this.requests && this.missing.isEmpty();
	}

	@Override
	public String toString() {
		String count = "%d of %d requests complete".formatted(this.complete, this.requests);
		if (this.complete < this.requests) {
			return "VERDICT: LOST %d requests (%s)".formatted(this.requests - this.complete, count);
		}
		if (!this.missing.isEmpty()) {
			return "VERDICT: nothing was lost, but the shutdown was not as it should be (%s)".formatted(count);
		}
		return ("VERDICT: nothing was lost (%s, %d connections closed, a late request rejected, a new connection refused, "
				+ "a client that has vanished given up)")
			.formatted(count, this.connections);
	}

}
