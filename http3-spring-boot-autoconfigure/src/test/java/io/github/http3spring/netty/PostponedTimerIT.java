package io.github.http3spring.netty;

import io.github.http3spring.wire.WireClient;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.RepeatedTest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Timers that come due while the server is at something else.
 */
class PostponedTimerIT {

	@AutoClose
	private final WireClient client = WireClient.create();

	@RepeatedTest(3)
	void packetThatIsFoundLostWhileTheConnectionSendsIsSentAgain() throws Exception {
		try (TestServer server = TestServer.start("http3.server.workers=1")) {
			assertThat(DueTimer.isResponseComplete(server.address(), this.client)).isTrue();
		}
	}

}
