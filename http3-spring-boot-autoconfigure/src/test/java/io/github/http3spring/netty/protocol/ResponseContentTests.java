package io.github.http3spring.netty.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ResponseContent} and {@link ResponseFields}.
 */
class ResponseContentTests {

	private final ResponseContent content = new ResponseContent();

	@Test
	void contentOfTheAnnouncedLengthIsFine() {
		assertThat(this.content.follow("GET", response(200, "5"))).isNull();
		assertThat(this.content.follow("GET", part(3))).isNull();
		assertThat(this.content.follow("GET", part(0))).isNull();
		assertThat(this.content.follow("GET", last(2))).isNull();
		assertThat(this.content.isSuperfluous(last(2))).isFalse();
	}

	@Test
	void contentOfUnknownLengthIsFine() {
		assertThat(this.content.follow("GET", response(200, null))).isNull();
		assertThat(this.content.follow("GET", part(3))).isNull();
		assertThat(this.content.follow("GET", LastHttpContent.EMPTY_LAST_CONTENT)).isNull();
	}

	@Test
	void moreContentThanAnnouncedIsAnErrorAtOnceAndStaysOne() {
		assertThat(this.content.follow("GET", response(200, "5"))).isNull();
		assertThat(this.content.follow("GET", part(6))).isEqualTo("has more content than announced");
		assertThat(this.content.follow("GET", part(6))).isEqualTo("has more content than announced");
		assertThat(this.content.follow("GET", full(200, "5", 6))).isEqualTo("has more content than announced");
		assertThat(this.content.follow("GET", full(200, "0", 1))).isEqualTo("has more content than announced");
	}

	@Test
	void lessContentThanAnnouncedIsAnErrorAtTheEnd() {
		assertThat(this.content.follow("GET", response(200, "5"))).isNull();
		assertThat(this.content.follow("GET", part(4))).isNull();
		assertThat(this.content.follow("GET", last(0))).isEqualTo("has less content than announced");
		assertThat(this.content.follow("GET", full(200, "5", 4))).isEqualTo("has less content than announced");
	}

	@ParameterizedTest
	@ValueSource(ints = { 204, 304 })
	void responseWithoutContentHasNoLengthAndItsContentIsSuperfluous(int status) {
		HttpResponse response = response(status, "5");
		assertThat(this.content.follow("GET", response)).isNull();
		assertThat(response.headers().contains("content-length")).isFalse();
		assertThat(this.content.follow("GET", part(5))).isNull();
		assertThat(this.content.isSuperfluous(part(5))).isTrue();
		assertThat(this.content.isSuperfluous(last(5))).isTrue();
		assertThat(this.content.isSuperfluous(last(0))).isFalse();
	}

	@Test
	void resetContentSaysThatThereIsNone() {
		HttpResponse response = full(205, null, 5);
		assertThat(this.content.follow("POST", response)).isNull();
		assertThat(response.headers().get("content-length")).isEqualTo("0");
		assertThat(this.content.isSuperfluous(response)).isTrue();
	}

	@Test
	void responseToHeadKeepsItsLengthWithoutContent() {
		HttpResponse response = full(200, "5", 0);
		assertThat(this.content.follow("HEAD", response)).isNull();
		assertThat(response.headers().get("content-length")).isEqualTo("5");
		assertThat(this.content.isSuperfluous(response)).isFalse();
		assertThat(this.content.isSuperfluous(part(5))).isTrue();
	}

	@Test
	void responseToConnectHasNoLengthIfTheTunnelIsOpen() {
		HttpResponse response = response(200, "5");
		assertThat(this.content.follow("CONNECT", response)).isNull();
		assertThat(response.headers().contains("content-length")).isFalse();
		assertThat(this.content.follow("CONNECT", last(7))).isNull();
		HttpResponse refusal = full(405, "5", 5);
		assertThat(this.content.follow("CONNECT", refusal)).isNull();
		assertThat(refusal.headers().get("content-length")).isEqualTo("5");
	}

	@ParameterizedTest
	@CsvSource({ "abc", "-5", "+5", "''", "'5, 5'", "99999999999999999999" })
	void lengthThatNobodyCanReadIsRemoved(String length) {
		HttpResponse response = response(200, length);
		assertThat(this.content.follow("GET", response)).isNull();
		assertThat(response.headers().contains("content-length")).isFalse();
		assertThat(this.content.follow("GET", last(7))).isNull();
	}

	@Test
	void severalLengthsAreRemoved() {
		HttpResponse response = response(200, "5");
		response.headers().add("content-length", "6");
		assertThat(this.content.follow("GET", response)).isNull();
		assertThat(response.headers().contains("content-length")).isFalse();
	}

	@Test
	void finalHeaderSectionFollowsInterimOnes() {
		assertThat(this.content.follow("GET", full(100, null, 0))).isNull();
		HttpResponse earlyHints = response(103, "5");
		assertThat(this.content.follow("GET", earlyHints)).isNull();
		assertThat(earlyHints.headers().contains("content-length")).isFalse();
		assertThat(this.content.follow("GET", full(200, "5", 5))).isNull();
	}

	@Test
	void contentWithoutAFinalHeaderSectionIsAnError() {
		assertThat(this.content.follow("GET", part(1))).isEqualTo("has no final header section");
		assertThat(this.content.follow("GET", response(103, null))).isNull();
		assertThat(this.content.follow("GET", part(1))).isEqualTo("has no final header section");
		assertThat(this.content.follow("GET", full(102, null, 0))).isEqualTo("has no final header section");
	}

	@Test
	void protocolIsNotSwitched() {
		assertThat(this.content.follow("GET", response(101, null))).isEqualTo("switches the protocol");
	}

	private static HttpResponse response(int status, String length) {
		return withLength(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status)), length);
	}

	private static HttpResponse full(int status, String length, int count) {
		return withLength(
				new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), bytes(count)),
				length);
	}

	private static HttpResponse withLength(HttpResponse response, String length) {
		HttpHeaders headers = response.headers();
		if (length != null) {
			headers.set("content-length", length);
		}
		return response;
	}

	private static HttpContent part(int count) {
		return new DefaultHttpContent(bytes(count));
	}

	private static HttpContent last(int count) {
		return new DefaultLastHttpContent(bytes(count));
	}

	private static ByteBuf bytes(int count) {
		return Unpooled.wrappedBuffer(new byte[count]);
	}

}
