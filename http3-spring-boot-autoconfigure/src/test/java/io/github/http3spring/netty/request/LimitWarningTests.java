package io.github.http3spring.netty.request;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LimitWarning}.
 */
@ExtendWith(OutputCaptureExtension.class)
class LimitWarningTests {

	private final AtomicLong now = new AtomicLong(Long.MAX_VALUE);

	private final LimitWarning warning = new LimitWarning("Too many", this.now::get);

	@Test
	void warningsComeOncePerMinuteAtMostAndCountWhatHappenedInBetween(CapturedOutput output) {
		for (int second = 0; second < 120; second++) {
			this.warning.reached();
			this.now.addAndGet(Duration.ofSeconds(1).toNanos());
		}
		assertThat(output.getOut().lines().filter((line) -> line.contains("WARN"))).satisfiesExactly(
				(line) -> assertThat(line).endsWith("Too many since the last warning: 1"),
				(line) -> assertThat(line).endsWith("Too many since the last warning: 60"));
	}

}
