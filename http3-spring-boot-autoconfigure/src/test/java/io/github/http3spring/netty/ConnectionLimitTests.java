package io.github.http3spring.netty;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionLimit}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConnectionLimitTests {

	private final AtomicLong now = new AtomicLong(Long.MAX_VALUE);

	private final ConnectionLimit limit = new ConnectionLimit(2, this.now::get);

	@Test
	void connectionsBelowTheLimitAreAdmitted(CapturedOutput output) {
		assertThat(this.limit.take()).isTrue();
		assertThat(this.limit.hasRoom()).isTrue();
		assertThat(this.limit.take()).isTrue();
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void connectionsAtTheLimitAreNotAdmittedUntilOneHasEnded() {
		this.limit.take();
		this.limit.take();
		assertThat(this.limit.hasRoom()).isFalse();
		assertThat(this.limit.take()).isFalse();
		this.limit.giveBack();
		assertThat(this.limit.hasRoom()).isTrue();
		assertThat(this.limit.take()).isTrue();
		assertThat(this.limit.take()).isFalse();
	}

	@Test
	void workersTogetherTakeNoMorePlacesThanThereAre() {
		ConnectionLimit shared = new ConnectionLimit(100, this.now::get);
		assertThat(IntStream.range(0, 1000).parallel().filter((number) -> shared.take()).count()).isEqualTo(100);
	}

	@Test
	void limitOfZeroAdmitsEveryConnection() {
		ConnectionLimit none = new ConnectionLimit(0, this.now::get);
		assertThat(IntStream.range(0, 1000).allMatch((number) -> none.hasRoom() && none.take())).isTrue();
	}

	@Test
	void warningsComeOncePerMinuteAtMostAndCountWhatWasRefusedInBetween(CapturedOutput output) {
		for (int second = 0; second < 120; second++) {
			this.limit.refused();
			this.now.addAndGet(Duration.ofSeconds(1).toNanos());
		}
		assertThat(output.getOut().lines().filter((line) -> line.contains("WARN"))).satisfiesExactly(
				(line) -> assertThat(line)
					.endsWith("HTTP/3 limit of 2 connections reached, refused since the last warning: 1"),
				(line) -> assertThat(line)
					.endsWith("HTTP/3 limit of 2 connections reached, refused since the last warning: 60"));
	}

}
