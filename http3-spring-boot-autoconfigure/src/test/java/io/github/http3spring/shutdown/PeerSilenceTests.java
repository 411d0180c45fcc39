package io.github.http3spring.shutdown;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PeerSilence}.
 */
class PeerSilenceTests {

	private static final Duration LOOK = Duration.ofMillis(500);

	private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);

	private Duration probeTimeout = Duration.ofMillis(30);

	private long sent;

	private long received;

	private Duration nextTimer = Duration.ZERO;

	private PeerSilence silence = new PeerSilence(activity());

	@Test
	void peerThatLeavesProbesUnansweredForLongEnoughHasVanished() {
		this.sent = 12;
		assertThat(looksUntilVanished()).isEqualTo(looks(PeerSilence.SHORTEST) + 1);
	}

	@Test
	void silenceLastsForSixProbeTimeouts() {
		this.probeTimeout = Duration.ofSeconds(2);
		this.sent = 12;
		assertThat(looksUntilVanished()).isEqualTo(looks(Duration.ofSeconds(12)) + 1);
	}

	@Test
	void peerToWhichNothingIsSentMayBeSilent() {
		assertThat(looksUntilVanished()).isEqualTo(-1);
	}

	@Test
	void fewPacketsMayAllHaveBeenLost() {
		this.sent = PeerSilence.UNANSWERED - 1;
		assertThat(looksUntilVanished()).isEqualTo(-1);
		this.sent++;
		look();
		assertThat(this.silence.isVanished()).isTrue();
	}

	@Test
	void everyPacketOfThePeerEndsItsSilence() {
		this.sent = 100;
		for (int packet = 0; packet < 20; packet++) {
			look(looks(PeerSilence.SHORTEST));
			assertThat(this.silence.isVanished()).isFalse();
			this.received++;
			look();
			this.sent += 100;
		}
	}

	@Test
	void silenceBeginsWithThePacketThatNeedsAnAnswer() {
		look(100);
		this.sent = 20;
		assertThat(looksUntilVanished()).isEqualTo(looks(PeerSilence.SHORTEST) + 1);
	}

	@Test
	void silenceThatBeganBeforeTheFirstLookCounts() {
		ask(Duration.ofSeconds(1), Duration.ofSeconds(2));
		Duration before = Duration.ofSeconds(3).minus(this.probeTimeout.multipliedBy(2));
		assertThat(looksUntilVanished()).isEqualTo(looks(PeerSilence.SHORTEST.minus(before)) + 1);
	}

	@Test
	void peerIsWatchedForAWhileHoweverLongItWasSilentBefore() {
		ask(Duration.ofSeconds(1), Duration.ofSeconds(20));
		assertThat(looksUntilVanished()).isEqualTo(looks(PeerSilence.SHORTEST_WATCHED));
	}

	@Test
	void packetOfThePeerEndsTheSilenceThatBeganBefore() {
		ask(Duration.ofSeconds(1), Duration.ofSeconds(20));
		this.received++;
		look();
		this.sent += 20;
		assertThat(looksUntilVanished()).isEqualTo(looks(PeerSilence.SHORTEST) + 1);
	}

	@Test
	void idlePeerIsNotSilentBeforeItIsAsked() {
		ask(Duration.ofSeconds(5), this.probeTimeout);
		this.sent += 20;
		assertThat(looksUntilVanished()).isEqualTo(looks(PeerSilence.SHORTEST));
	}

	@Test
	void probesBeforeTheFirstLookAreAmongThePacketsThatWentUnanswered() {
		ask(Duration.ofSeconds(2), this.probeTimeout.multipliedBy(16));
		this.sent += PeerSilence.UNANSWERED - 1 - 4 - 1;
		assertThat(looksUntilVanished()).isEqualTo(-1);
		this.sent++;
		look();
		assertThat(this.silence.isVanished()).isTrue();
	}

	@Test
	void peerIsAskedOncePerSilenceWhenAThirdOfTheIdleTimeoutIsOver() {
		look(looks(IDLE_TIMEOUT) / PeerSilence.KEEP_ALIVE_PART - 1);
		assertThat(this.silence.endsWith(IDLE_TIMEOUT)).isFalse();
		look();
		assertThat(this.silence.endsWith(IDLE_TIMEOUT)).isTrue();
		look();
		assertThat(this.silence.endsWith(IDLE_TIMEOUT)).isFalse();
		this.received++;
		look(looks(IDLE_TIMEOUT) / PeerSilence.KEEP_ALIVE_PART + 1);
		assertThat(this.silence.endsWith(IDLE_TIMEOUT)).isTrue();
	}

	/**
	 * Send the first packet that asks for an answer.
	 * @param left what was left of the time until the next probe
	 * @param whole that time as it is now
	 */
	private void ask(Duration left, Duration whole) {
		this.nextTimer = left;
		this.silence = new PeerSilence(activity());
		this.sent++;
		this.nextTimer = whole;
		this.silence.ask(activity());
	}

	private int looksUntilVanished() {
		for (int look = 1; look <= 1000; look++) {
			look();
			if (this.silence.isVanished()) {
				return look;
			}
		}
		return -1;
	}

	private void look(int times) {
		for (int time = 0; time < times; time++) {
			look();
		}
	}

	private void look() {
		this.silence.look(activity(), LOOK);
	}

	private PeerActivity activity() {
		return new PeerActivity(this.sent, this.received, this.probeTimeout, this.nextTimer);
	}

	private static int looks(Duration duration) {
		return (int) duration.dividedBy(LOOK);
	}

}
