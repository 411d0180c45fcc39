package io.github.http3spring.shutdown;

import java.time.Duration;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PeerWatch}.
 */
class PeerWatchTests {

	private RecordingPort port = new RecordingPort();

	private int vanished;

	@Test
	void peerThatAnswersNothingHasVanishedOnce() {
		watch();
		this.port.activity = new PeerActivity(20, 0, Duration.ofMillis(50), Duration.ZERO);
		this.port.clock.advance(PeerSilence.SHORTEST.multipliedBy(3));
		assertThat(this.vanished).isOne();
		assertThat(this.port.clock.pending()).isZero();
	}

	@Test
	void peerIsLookedAtSixTimesWithinAShortIdleTimeout() {
		this.port.idleTimeout = Optional.of(Duration.ofMillis(600));
		watch();
		this.port.clock.advance(Duration.ofMillis(200));
		assertThat(this.port.actions).containsExactly("keep alive");
	}

	@Test
	void peerThatIsSilentForLongIsAskedAtEachLookBeforeItHasVanished() {
		watch();
		this.port.activity = new PeerActivity(20, 0, Duration.ofMillis(50), Duration.ZERO);
		this.port.clock.advance(PeerSilence.LONG);
		assertThat(this.port.actions).isEmpty();
		this.port.clock.advance(PeerSilence.SHORTEST);
		assertThat(this.port.actions).hasSize((int) PeerSilence.LONG.dividedBy(PeerWatch.INTERVAL))
			.containsOnly("keep alive");
		assertThat(this.vanished).isOne();
	}

	@Test
	void watchThatIsCancelledLooksNoMore() {
		PeerWatch watch = watch();
		this.port.activity = new PeerActivity(20, 0, Duration.ofMillis(50), Duration.ZERO);
		this.port.clock.advance(PeerWatch.INTERVAL);
		watch.cancel();
		assertThat(this.port.clock.pending()).isZero();
		this.port.clock.advance(PeerSilence.SHORTEST.multipliedBy(3));
		assertThat(this.vanished).isZero();
	}

	/**
	 * So that the connection is found to have ended.
	 */
	@Test
	void watchThatIsCancelledByWhatItSendsLooksNoMore() {
		PeerWatch[] watch = new PeerWatch[1];
		this.port = new RecordingPort() {

			@Override
			public void keepAlive() {
				super.keepAlive();
				watch[0].cancel();
			}

		};
		this.port.idleTimeout = Optional.of(Duration.ofMillis(600));
		watch[0] = watch();
		this.port.clock.advance(Duration.ofMillis(200));
		assertThat(this.port.actions).containsExactly("keep alive");
		assertThat(this.port.clock.pending()).isZero();
	}

	@Test
	void peerThatWasSilentBeforeVanishesEarlier() {
		Duration probeTimeout = Duration.ofMillis(50);
		this.port.activity = new PeerActivity(20, 1, probeTimeout, Duration.ofSeconds(1));
		PeerWatch watch = watch();
		this.port.activity = new PeerActivity(21, 1, probeTimeout, Duration.ofSeconds(3));
		watch.ask();
		this.port.clock.advance(Duration.ofMillis(2900));
		assertThat(this.vanished).isZero();
		this.port.clock.advance(Duration.ofMillis(700));
		assertThat(this.vanished).isOne();
	}

	private PeerWatch watch() {
		PeerWatch watch = new PeerWatch(this.port, this.port, () -> this.vanished++);
		watch.start();
		return watch;
	}

}
