package io.github.http3spring.netty;

import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.http3spring.server.OpenRequestSnapshot;
import io.github.http3spring.server.StuckRequest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ShutdownProgress}.
 */
class ShutdownProgressTests {

	@Test
	void workersAreCountedTogetherAndTheLongestRequestsOfAllAreShown() {
		ShutdownProgress first = ShutdownProgress.of(3, 4, requests(1, 2, 9, 4));
		ShutdownProgress second = ShutdownProgress.of(5, 2, requests(7, 3));
		assertThat(ShutdownProgress.NONE.plus(first).plus(second)).asString()
			.containsSubsequence("8 connections and 6 requests, longest: ", "/9", "/7", "/4")
			.doesNotContain("/3");
	}

	@Test
	void nothingIsSaidOfRequestsWhereThereAreNone() {
		assertThat(ShutdownProgress.of(1, 0, Stream.of())).hasToString("1 connections and 0 requests");
	}

	private static Stream<StuckRequest> requests(int... seconds) {
		return IntStream.of(seconds)
			.mapToObj((age) -> StuckRequest.of(new OpenRequestSnapshot("GET", "/" + age, Duration.ofSeconds(age)), null,
					StuckRequest.Reason.DEADLINE));
	}

}
