package io.github.http3spring.netty.settings;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PropertyRange}.
 */
class PropertyRangeTests {

	@Test
	void bothEndsAreInRange() {
		assertThatCode(() -> {
			PropertyRange.number("a", 1, 1, 3);
			PropertyRange.number("a", 3L, 1, 3);
			PropertyRange.size("a", DataSize.ofKilobytes(1), 1024, 1024);
			PropertyRange.duration("a", Duration.ZERO);
			PropertyRange.duration("a", PropertyRange.MAX_DURATION);
		}).doesNotThrowAnyException();
	}

	@Test
	void whatIsNotSetIsInRange() {
		assertThatCode(() -> {
			PropertyRange.number("a", null, 1, 3);
			PropertyRange.size("a", null, 1, 3);
			PropertyRange.duration("a", null, PropertyRange.MIN_DURATION, PropertyRange.MAX_DURATION);
		}).doesNotThrowAnyException();
	}

	@Test
	void numberOutOfRangeIsRefusedWithTheRange() {
		assertRefused(() -> PropertyRange.number("a.number", 4, 1, 3), 4, "Must be between 1 and 3.");
		assertRefused(() -> PropertyRange.number("a.number", 0, 1, 3), 0, "Must be between 1 and 3.");
	}

	@Test
	void sizeOutOfRangeIsRefusedInBytes() {
		assertRefused(() -> PropertyRange.size("a.size", DataSize.ofKilobytes(2), 1, 2047), DataSize.ofKilobytes(2),
				"Must be between 1B and 2047B.");
	}

	@Test
	void durationOutOfRangeIsRefused() {
		assertRefused(() -> PropertyRange.duration("a.duration", Duration.ofMillis(-1)), Duration.ofMillis(-1),
				"Must be between PT0S and PT8760H.");
	}

	private static void assertRefused(Runnable check, Object value, String reason) {
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class).isThrownBy(check::run)
			.satisfies((ex) -> {
				assertThat(ex.getName()).startsWith("a.");
				assertThat(ex.getValue()).isEqualTo(value);
				assertThat(ex.getReason()).isEqualTo(reason);
			});
	}

}
