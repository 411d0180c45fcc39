package io.github.http3spring.netty.protocol;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ResponseDate}.
 */
class ResponseDateTests {

	@Test
	void timeIsWrittenAsInHttp() {
		assertThat(ResponseDate.at(784111777000L)).hasToString("Sun, 06 Nov 1994 08:49:37 GMT");
	}

	@Test
	void textIsThatOfItsSecond() {
		assertThat(ResponseDate.at(1000)).isSameAs(ResponseDate.at(1999));
		assertThat(ResponseDate.at(2000)).hasToString("Thu, 01 Jan 1970 00:00:02 GMT");
		assertThat(ResponseDate.at(1000)).hasToString("Thu, 01 Jan 1970 00:00:01 GMT");
	}

}
