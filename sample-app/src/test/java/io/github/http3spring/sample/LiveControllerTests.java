package io.github.http3spring.sample;

import java.util.List;
import java.util.stream.Stream;

import io.github.http3spring.sample.LiveController.Live;
import io.github.http3spring.sample.LiveController.LiveConnection;
import io.github.http3spring.server.Http3ServerState;
import io.github.http3spring.shutdown.ConnectionState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LiveController}: when it has nothing more to tell.
 */
class LiveControllerTests {

	private static final LiveConnection OWN = connection("/live/me");

	@Test
	void endsOnceTheServerServesNobodyElse() {
		assertThat(live(Http3ServerState.SHUTTING_DOWN, OWN, connection(), connection("/live/other")).last()).isTrue();
	}

	@Test
	void goesOnWhileTheServerThatShutsDownServesOthers() {
		assertThat(live(Http3ServerState.SHUTTING_DOWN, OWN, connection("/slow")).last()).isFalse();
		assertThat(live(Http3ServerState.SHUTTING_DOWN, connection("/live/me", "/slow")).last()).isFalse();
	}

	@Test
	void endsOnceItsOwnConnectionServesNothingElseIfThatAloneIsShutDown() {
		assertThat(live(Http3ServerState.RUNNING, connection("/live/me", "/slow")).last()).isFalse();
		assertThat(live(Http3ServerState.RUNNING, OWN, connection("/slow")).last()).isTrue();
	}

	private static Live live(Http3ServerState state, LiveConnection... connections) {
		return new Live(state, List.of(connections), null, false).orLast("me");
	}

	private static LiveConnection connection(String... requests) {
		return new LiveConnection("id", 0, ConnectionState.COMPLETING, Stream.of(requests).toList(), List.of(), 0, 0);
	}

}
