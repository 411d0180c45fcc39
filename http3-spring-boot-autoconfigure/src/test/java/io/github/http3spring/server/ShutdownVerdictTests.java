package io.github.http3spring.server;

import java.time.Duration;
import java.util.Collections;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ShutdownVerdict}.
 */
class ShutdownVerdictTests {

	private static final ConnectionCounts CONNECTIONS = new ConnectionCounts(1, 0, 0, 1, 0, 0, 0, 0);

	@Test
	void verdictOnAllWorkersHasTheSumsTheLongestTimeAndNotTooManyRequests() {
		ShutdownVerdict first = verdict(Duration.ofSeconds(1), 15);
		ShutdownVerdict second = verdict(Duration.ofSeconds(3), 15);
		ShutdownVerdict both = first.plus(second);
		assertThat(both).isEqualTo(second.plus(first));
		assertThat(both.duration()).isEqualTo(Duration.ofSeconds(3));
		assertThat(both.connections()).isEqualTo(CONNECTIONS.plus(CONNECTIONS));
		assertThat(both.requests().lost()).isEqualTo(30);
		assertThat(both.stuckRequests()).hasSize(ShutdownVerdict.MAX_STUCK_REQUESTS);
	}

	@Test
	void verdictIsLosslessOnlyIfThatOnEachWorkerIs() {
		ShutdownVerdict lossless = verdict(Duration.ZERO, 0);
		assertThat(lossless.plus(lossless).isLossless()).isTrue();
		assertThat(lossless.plus(verdict(Duration.ZERO, 1)).isLossless()).isFalse();
	}

	private static ShutdownVerdict verdict(Duration duration, int lost) {
		StuckRequest request = StuckRequest.of(new OpenRequestSnapshot("GET", "/", Duration.ZERO), null,
				StuckRequest.Reason.DEADLINE);
		return new ShutdownVerdict(duration, CONNECTIONS, new RequestCounts(lost, 0, 0, lost, lost),
				Collections.nCopies(lost, request));
	}

}
