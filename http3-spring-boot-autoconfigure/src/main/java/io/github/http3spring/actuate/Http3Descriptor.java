package io.github.http3spring.actuate;

import java.util.List;

import io.github.http3spring.server.Http3ServerRuntime;
import io.github.http3spring.server.Http3ServerSnapshot;
import io.github.http3spring.server.Http3ServerState;
import io.github.http3spring.server.Http3ServerTotals;
import io.github.http3spring.server.ShutdownVerdict;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What the endpoint {@code http3} shows of the server.
 *
 * @param state what the server is doing
 * @param port the UDP port, {@code -1} if none is bound
 * @param runtime what the server runs on
 * @param blockedWorkers the workers whose event loop is blocked, so that their
 * connections are missing
 * @param connections some of the connections
 * @param totals what the server has done since it was created
 * @param lastShutdown what the last shutdown did, {@code null} as long as none has ended
 */
public record Http3Descriptor(Http3ServerState state, int port, Http3ServerRuntime runtime,
		List<Integer> blockedWorkers, ConnectionsDescriptor connections, TotalsDescriptor totals,
		@Nullable ShutdownDescriptor lastShutdown) implements OperationResponseBody {

	static Http3Descriptor of(Http3ServerSnapshot snapshot, int offset, Values values) {
		Http3ServerTotals totals = snapshot.totals();
		ShutdownVerdict verdict = snapshot.lastShutdown();
		return new Http3Descriptor(snapshot.state(), snapshot.port(), snapshot.runtime(), snapshot.blockedWorkers(),
				ConnectionsDescriptor.of(snapshot, offset, values), TotalsDescriptor.of(totals),
				(verdict != null) ? ShutdownDescriptor.of(verdict, values) : null);
	}

}
