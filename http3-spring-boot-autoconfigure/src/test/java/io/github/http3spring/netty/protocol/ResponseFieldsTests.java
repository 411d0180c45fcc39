package io.github.http3spring.netty.protocol;

import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ResponseFields}.
 */
class ResponseFieldsTests {

	@Test
	void lengthThatIsAnnouncedHasToFollow() {
		HttpResponse response = response(200, "7");
		assertThat(ResponseFields.prepare("GET", response)).isEqualTo(7);
		assertThat(contentLength(response)).isEqualTo("7");
	}

	@Test
	void withoutALengthAnyContentMayFollow() {
		assertThat(ResponseFields.prepare("GET", response(200))).isEqualTo(ResponseFields.UNKNOWN);
		assertThat(ResponseFields.prepare("POST", response(404))).isEqualTo(ResponseFields.UNKNOWN);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "+1", "1.0", "0x1", "a", "1,1", "", "9223372036854775808", "1 1" })
	void lengthThatCannotBeUnderstoodIsRemoved(String length) {
		HttpResponse response = response(200, length);
		assertThat(ResponseFields.prepare("GET", response)).isEqualTo(ResponseFields.UNKNOWN);
		assertThat(contentLength(response)).isNull();
	}

	@Test
	void secondLengthMakesBothMeaningless() {
		HttpResponse response = response(200, "7", "7");
		assertThat(ResponseFields.prepare("GET", response)).isEqualTo(ResponseFields.UNKNOWN);
		assertThat(contentLength(response)).isNull();
	}

	@ParameterizedTest
	@ValueSource(ints = { 100, 102, 103 })
	void informationalResponseHasNoLengthAndAnotherFollows(int status) {
		HttpResponse response = response(status, "7");
		assertThat(ResponseFields.prepare("GET", response)).isEqualTo(ResponseFields.INTERIM);
		assertThat(contentLength(response)).isNull();
	}

	@ParameterizedTest
	@ValueSource(ints = { 204, 304 })
	void statusWithoutContentHasNoLength(int status) {
		HttpResponse response = response(status, "7");
		assertThat(ResponseFields.prepare("GET", response)).isEqualTo(ResponseFields.NONE);
		assertThat(contentLength(response)).isNull();
	}

	@Test
	void resetContentHasLengthZero() {
		HttpResponse response = response(205, "7");
		assertThat(ResponseFields.prepare("POST", response)).isEqualTo(ResponseFields.NONE);
		assertThat(contentLength(response)).isEqualTo("0");
	}

	@Test
	void responseToHeadKeepsTheLengthAndHasNoContent() {
		HttpResponse response = response(200, "7");
		assertThat(ResponseFields.prepare("HEAD", response)).isEqualTo(ResponseFields.NONE);
		assertThat(contentLength(response)).isEqualTo("7");
	}

	@ParameterizedTest
	@CsvSource({ "200, -1, ", "299, -1, ", "407, 7, 7", "502, 7, 7" })
	void tunnelHasNoLength(int status, long expected, String length) {
		HttpResponse response = response(status, "7");
		assertThat(ResponseFields.prepare("CONNECT", response)).isEqualTo(expected);
		assertThat(contentLength(response)).isEqualTo(length);
	}

	private static HttpResponse response(int status, String... lengths) {
		HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
		for (String length : lengths) {
			response.headers().add(HttpHeaderNames.CONTENT_LENGTH, length);
		}
		return response;
	}

	private static String contentLength(HttpResponse response) {
		return response.headers().get(HttpHeaderNames.CONTENT_LENGTH);
	}

}
