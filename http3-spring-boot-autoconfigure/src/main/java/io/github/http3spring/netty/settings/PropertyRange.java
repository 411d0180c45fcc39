package io.github.http3spring.netty.settings;

import java.time.Duration;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * Refuses values of properties that are out of range. What is not set is in range.
 */
public final class PropertyRange {

	/**
	 * Longest duration where nothing else limits it.
	 */
	public static final Duration MAX_DURATION = Duration.ofDays(365);

	/**
	 * Shortest duration that is one.
	 */
	public static final Duration MIN_DURATION = Duration.ofMillis(1);

	/**
	 * Largest number of streams (RFC 9000 section 4.6).
	 */
	public static final long MAX_STREAMS = 1L << 60;

	/**
	 * Stands for the value of a secret, which the report of a failure must not show.
	 */
	public static final String HIDDEN = "******";

	private PropertyRange() {
	}

	/**
	 * Check a number.
	 * @param name the full name of the property
	 * @param value the number
	 * @param minimum the smallest number that is allowed
	 * @param maximum the largest number that is allowed
	 * @throws InvalidConfigurationPropertyValueException if it is out of range
	 */
	public static void number(String name, @Nullable Number value, long minimum, long maximum) {
		check(name, value, Number::longValue, minimum, maximum, "");
	}

	/**
	 * Check a size.
	 * @param name the full name of the property
	 * @param value the size
	 * @param minimum the smallest size that is allowed, in bytes
	 * @param maximum the largest size that is allowed, in bytes
	 * @throws InvalidConfigurationPropertyValueException if it is out of range
	 */
	public static void size(String name, @Nullable DataSize value, long minimum, long maximum) {
		check(name, value, DataSize::toBytes, minimum, maximum, "B");
	}

	/**
	 * Check a duration, which may be zero and last up to {@link #MAX_DURATION}.
	 * @param name the full name of the property
	 * @param value the duration
	 * @throws InvalidConfigurationPropertyValueException if it is out of range
	 */
	public static void duration(String name, @Nullable Duration value) {
		duration(name, value, Duration.ZERO, MAX_DURATION);
	}

	/**
	 * Check a duration.
	 * @param name the full name of the property
	 * @param value the duration
	 * @param minimum the shortest duration that is allowed
	 * @param maximum the longest duration that is allowed
	 * @throws InvalidConfigurationPropertyValueException if it is out of range
	 */
	public static void duration(String name, @Nullable Duration value, Duration minimum, Duration maximum) {
		check(name, value, Function.identity(), minimum, maximum, "");
	}

	private static <V, C extends Comparable<C>> void check(String name, @Nullable V value, Function<V, C> measure,
			C minimum, C maximum, String unit) {
		if (value == null) {
			return;
		}
		C measured = measure.apply(value);
		if (measured.compareTo(minimum) < 0 || measured.compareTo(maximum) > 0) {
			throw new InvalidConfigurationPropertyValueException(name, value,
					"Must be between " + minimum + unit + " and " + maximum + unit + ".");
		}
	}

}
