package io.github.http3spring.netty.handler;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.boot.web.server.Compression;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ResponseCompression}.
 */
class ResponseCompressionTests {

	private final Compression settings = new Compression();

	private final HttpHeaders requestHeaders = new DefaultHttpHeaders();

	private final HttpHeaders responseHeaders = new DefaultHttpHeaders();

	private final HttpServerRequest request = mock();

	private final HttpServerResponse response = mock();

	@BeforeEach
	void exchange() {
		given(this.request.requestHeaders()).willReturn(this.requestHeaders);
		given(this.response.responseHeaders()).willReturn(this.responseHeaders);
	}

	@Test
	void sizeFromWhichResponsesAreCompressedIsThatOfTheSettings() {
		this.settings.setMinResponseSize(DataSize.ofKilobytes(5));
		assertThat(server().configuration().minCompressionSize()).isEqualTo(5 * 1024);
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/html", "text/plain;charset=UTF-8", "application/json", "TEXT/CSS" })
	void contentOfATypeOfTheSettingsIsCompressed(String contentType) {
		assertThat(isCompressed(contentType)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "image/png", "video/mp4", "application/octet-stream", "", "no type", "text/" })
	void otherContentIsNot(String contentType) {
		assertThat(isCompressed(contentType)).isFalse();
	}

	@Test
	void contentWithoutATypeIsNotCompressed() {
		assertThat(isCompressed(null)).isFalse();
	}

	@Test
	void typesMayHaveWildcards() {
		this.settings.setMimeTypes(new String[] { "image/*" });
		assertThat(isCompressed("image/svg+xml")).isTrue();
		assertThat(isCompressed("text/html")).isFalse();
	}

	@Test
	void typeThatIsNoneIsFoundAtTheStart() {
		this.settings.setMimeTypes(new String[] { "html" });
		assertThatExceptionOfType(InvalidMimeTypeException.class)
			.isThrownBy(() -> new ResponseCompression(this.settings));
	}

	@Test
	void excludedUserAgentsGetNothingCompressed() {
		this.settings.setExcludedUserAgents(new String[] { "old.*browser", "robot" });
		this.requestHeaders.set(HttpHeaderNames.USER_AGENT, "a robot/1.0");
		assertThat(isCompressed("text/html")).isFalse();
		this.requestHeaders.set(HttpHeaderNames.USER_AGENT, "very old browser");
		assertThat(isCompressed("text/html")).isFalse();
		this.requestHeaders.set(HttpHeaderNames.USER_AGENT, "new browser");
		assertThat(isCompressed("text/html")).isTrue();
		this.requestHeaders.remove(HttpHeaderNames.USER_AGENT);
		assertThat(isCompressed("text/html")).isTrue();
	}

	private boolean isCompressed(String contentType) {
		if (contentType != null) {
			this.responseHeaders.set(HttpHeaderNames.CONTENT_TYPE, contentType);
		}
		return server().configuration().compressPredicate().test(this.request, this.response);
	}

	private HttpServer server() {
		return new ResponseCompression(this.settings).apply(HttpServer.create());
	}

}
