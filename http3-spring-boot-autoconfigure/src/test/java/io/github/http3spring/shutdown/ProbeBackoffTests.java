package io.github.http3spring.shutdown;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ProbeBackoff}.
 */
class ProbeBackoffTests {

	private static final Duration PROBE_TIMEOUT = Duration.ofMillis(50);

	@ParameterizedTest
	@ValueSource(longs = { 100, 200, 1000, 2000, 4000, 6000 })
	void silenceIsTheTimeOfAllProbesAndWhatHasPassedSinceTheLast(long millis) {
		Duration silence = Duration.ofMillis(millis);
		assertThat(afterSilence(silence).silence()).isBetween(silence.minus(PROBE_TIMEOUT), silence);
	}

	@Test
	void eachTimeThatIsOverHasEndedWithAProbe() {
		assertThat(afterSilence(Duration.ofMillis(49)).probes()).isZero();
		assertThat(afterSilence(Duration.ofMillis(51)).probes()).isOne();
		assertThat(afterSilence(Duration.ofMillis(149)).probes()).isOne();
		assertThat(afterSilence(Duration.ofMillis(151)).probes()).isEqualTo(2);
		assertThat(afterSilence(Duration.ofSeconds(2)).probes()).isEqualTo(5);
	}

	@Test
	void peerThatOwesNoAnswerIsNotSilentHoweverLongNothingHasHappened() {
		for (Duration untilIdleTimeout : new Duration[] { Duration.ZERO, Duration.ofSeconds(5),
				Duration.ofSeconds(30) }) {
			assertThat(new ProbeBackoff(untilIdleTimeout, PROBE_TIMEOUT, PROBE_TIMEOUT).silence()).isZero();
		}
	}

	@Test
	void peerThatWillAnswerWithinTheProbeTimeoutIsNotSilent() {
		assertThat(new ProbeBackoff(Duration.ofMillis(10), PROBE_TIMEOUT, PROBE_TIMEOUT).silence()).isZero();
	}

	@Test
	void processThatHasStoodStillSeesOneProbe() {
		ProbeBackoff overdue = new ProbeBackoff(Duration.ZERO, PROBE_TIMEOUT.multipliedBy(2), PROBE_TIMEOUT);
		assertThat(overdue.silence()).isEqualTo(PROBE_TIMEOUT.multipliedBy(2));
		assertThat(overdue.probes()).isOne();
	}

	@Test
	void nothingIsKnownOfAPeerThatCouldNotBeAsked() {
		PeerActivity before = new PeerActivity(3, 3, PROBE_TIMEOUT, Duration.ofSeconds(2));
		assertThat(ProbeBackoff.between(before, before).silence()).isZero();
		assertThat(ProbeBackoff.between(before, before).probes()).isZero();
		PeerActivity asked = new PeerActivity(4, 3, PROBE_TIMEOUT, Duration.ofSeconds(4));
		assertThat(ProbeBackoff.between(before, asked).silence()).isEqualTo(Duration.ofMillis(5900));
	}

	/**
	 * Return what a peer leaves that answers nothing any more.
	 */
	private static ProbeBackoff afterSilence(Duration silence) {
		Duration until = PROBE_TIMEOUT;
		Duration whole = PROBE_TIMEOUT;
		while (until.compareTo(silence) <= 0) {
			whole = whole.multipliedBy(2);
			until = until.plus(whole);
		}
		return new ProbeBackoff(until.minus(silence), whole, PROBE_TIMEOUT);
	}

}
