package io.github.http3spring.netty.request;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MadeUpFields}.
 */
class MadeUpFieldsTests {

	private final HttpHeaders headers = new DefaultHttpHeaders();

	@Test
	void fieldsOfTheCodecAreRemovedWhoeverHasSentThem() {
		this.headers.add("transfer-encoding", "chunked");
		this.headers.add("x-http3-scheme", "https");
		this.headers.add("x-http3-scheme", "http");
		this.headers.add("x-http3-stream-id", "0");
		MadeUpFields.removeFrom(this.headers);
		assertThat(this.headers).isEmpty();
	}

	@Test
	void otherFieldsStay() {
		this.headers.add("content-length", "5");
		this.headers.add("x-http3-experiment", "yes");
		MadeUpFields.removeFrom(this.headers);
		assertThat(this.headers.names()).containsExactlyInAnyOrder("content-length", "x-http3-experiment");
	}

}
