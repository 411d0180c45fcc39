package io.github.http3spring.netty.request;

import io.github.http3spring.netty.request.Ruling.Action;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Ruling}.
 */
class RulingTests {

	@Test
	void onlyAPassLetsHandlersSeeIt() {
		assertThat(Ruling.PASS.passes()).isTrue();
		assertThat(Ruling.DROP.passes()).isFalse();
		assertThat(Ruling.END.passes()).isFalse();
		assertThat(Ruling.cancel(Http3ErrorCode.H3_EXCESSIVE_LOAD).passes()).isFalse();
	}

	@Test
	void endThatComesTooEarlyHasTheErrorCodeOfTheRfc() {
		assertThat(Ruling.IN_FRAME).isEqualTo(new Ruling(Action.RAISE, Http3ErrorCode.H3_FRAME_ERROR));
		assertThat(Ruling.INCOMPLETE).isEqualTo(new Ruling(Action.ABANDON, Http3ErrorCode.H3_REQUEST_INCOMPLETE));
	}

	@Test
	void clientThatTimesOutIsCancelledWhereItCannotBeAnswered() {
		assertThat(Ruling.TIME_OUT).isEqualTo(new Ruling(Action.TIME_OUT, Http3ErrorCode.H3_REQUEST_CANCELLED));
	}

}
