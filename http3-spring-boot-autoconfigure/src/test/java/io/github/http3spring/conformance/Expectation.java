package io.github.http3spring.conformance;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * What an RFC allows a server to make of something, and what ours makes of it where that
 * is something else.
 *
 * @param allowed what may follow, the first of them preferred
 * @param known what follows instead, {@code null} if ours does what it has to
 * @param argument whose fault that is, and what it costs a user
 */
record Expectation(List<Outcome> allowed, @Nullable Outcome known, String argument) {

	static Expectation of(Outcome... allowed) {
		return new Expectation(List.of(allowed), null, "");
	}

	/**
	 * Allow something else too.
	 */
	Expectation or(Expectation other) {
		Outcome[] both = new Outcome[this.allowed.size() + other.allowed.size()];
		Arrays.setAll(both, (index) -> (index < this.allowed.size()) ? this.allowed.get(index)
				: other.allowed.get(index - this.allowed.size()));
		return of(both);
	}

	/**
	 * Say what follows instead.
	 */
	Expectation but(Expectation known, String argument) {
		return new Expectation(this.allowed, known.allowed.get(0), argument);
	}

	boolean allows(Outcome outcome) {
		return this.allowed.stream().anyMatch(outcome::is);
	}

	@Override
	public String toString() {
		return this.allowed.stream().map(Outcome::toString).collect(Collectors.joining(", or "));
	}

}
