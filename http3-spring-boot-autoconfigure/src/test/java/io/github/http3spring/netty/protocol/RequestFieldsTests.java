package io.github.http3spring.netty.protocol;

import io.netty.incubator.codec.http3.DefaultHttp3Headers;
import io.netty.incubator.codec.http3.Http3Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RequestFields}.
 */
class RequestFieldsTests {

	private final Http3Headers fields = new DefaultHttp3Headers(false).method("GET")
		.scheme("https")
		.authority("a:443")
		.path("/");

	@Test
	void countsNamesValuesAndOverhead() {
		assertThat(RequestFields.size(new DefaultHttp3Headers().add("abc", "de"))).isEqualTo(3 + 2 + 32);
	}

	@Test
	void ordinaryRequestIsFine() {
		this.fields.add("te", "trailers").add("x", "a b\tc").add("y", "").add("content-length", "5");
		assertThat(RequestFields.findError(this.fields)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade" })
	void connectionSpecificFieldIsAnError(String name) {
		assertThat(RequestFields.findError(this.fields.add(name, "x"))).isEqualTo("invalid " + name);
		assertThat(RequestFields.findError(new DefaultHttp3Headers().add(name, "x"))).isEqualTo("invalid " + name);
	}

	@Test
	void everyTeMustBeTrailers() {
		this.fields.add("te", "trailers");
		assertThat(RequestFields.findError(this.fields)).isNull();
		assertThat(RequestFields.findError(this.fields.add("te", "chunked"))).isEqualTo("invalid te");
	}

	@ParameterizedTest
	@ValueSource(strings = { " ", "\t", "a ", "a\t" })
	void whitespaceAtTheEndIsAnError(String value) {
		assertThat(RequestFields.findError(this.fields.add("x", value))).isEqualTo("invalid x");
	}

	@Test
	void statusIsAnError() {
		assertThat(RequestFields.findError(this.fields.status("100"))).isEqualTo(":status of a request");
	}

	@Test
	void protocolOfAnExtendedConnectIsAnError() {
		assertThat(RequestFields.findError(this.fields.add(":protocol", "websocket")))
			.isEqualTo(":protocol without ENABLE_CONNECT_PROTOCOL");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "G ET", " GET", "GET\r\n", "G(T", "GET HTTP/1.1", "G\u00c4T" })
	void methodMustBeAToken(String method) {
		assertThat(RequestFields.findError(this.fields.method(method))).isEqualTo("invalid :method");
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET", "get", "M-SEARCH", "PROPFIND", "X!#$%&'*+.^_`|~9" })
	void anyTokenIsAMethod(String method) {
		assertThat(RequestFields.findError(this.fields.method(method))).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "1s", "ht tp", "https:", "https\n", "http://b/" })
	void schemeMustBeOne(String scheme) {
		assertThat(RequestFields.findError(this.fields.scheme(scheme))).isEqualTo("invalid :scheme");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a", "*", "https://a/", "/a b", "/a#b", "/a\tb", "/a\r\nX: y", "/a\0", "/\u007f", "?a",
			"/ HTTP/1.1", "//a b" })
	void pathMustBeOne(String path) {
		assertThat(RequestFields.findError(this.fields.path(path))).isEqualTo("invalid :path");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/a?b=c&d", "//a", "/%20", "/a/../b", "/a[1]|{2}", "/\u00e4" })
	void anythingElseThatBeginsWithASlashIsAPath(String path) {
		assertThat(RequestFields.findError(this.fields.path(path))).isNull();
	}

	@Test
	void asteriskIsForOptionsOnly() {
		this.fields.path("*");
		assertThat(RequestFields.findError(this.fields.method("OPTIONS"))).isNull();
		assertThat(RequestFields.findError(this.fields.method("options"))).isEqualTo("invalid :path");
	}

	@Test
	void connectHasAuthorityWithPortOnly() {
		Http3Headers connect = new DefaultHttp3Headers().method("CONNECT").authority("a:443");
		assertThat(RequestFields.findError(connect)).isNull();
		assertThat(RequestFields.findError(connect.authority("a"))).isEqualTo("CONNECT without a port");
		assertThat(RequestFields.findError(connect.method("connect"))).isEqualTo("invalid :scheme");
	}

	@Test
	void oneOfAuthorityAndHostMustBeThereAndBothMustAgree() {
		this.fields.add("host", "A:443");
		assertThat(RequestFields.findError(this.fields)).isNull();
		this.fields.remove(":authority");
		assertThat(RequestFields.findError(this.fields)).isNull();
		this.fields.remove("host");
		assertThat(RequestFields.findError(this.fields)).isEqualTo("neither :authority nor host");
		assertThat(RequestFields.findError(this.fields.method("OPTIONS").path("*")))
			.isEqualTo("neither :authority nor host");
		this.fields.authority("a").add("host", "b");
		assertThat(RequestFields.findError(this.fields.method("GET").path("/")))
			.isEqualTo(":authority and host differ");
	}

	@Test
	void secondHostIsAnErrorEvenIfItIsTheSame() {
		this.fields.add("host", "a:443").add("host", "a:443");
		assertThat(RequestFields.findError(this.fields)).isEqualTo("more than one host");
		this.fields.remove(":authority");
		assertThat(RequestFields.findError(this.fields)).isEqualTo("more than one host");
	}

	@Test
	void hostThatRepeatsTheAuthorityIsRemovedAndAnyOtherIsNot() {
		this.fields.add("host", "a:443");
		RequestFields.removeRepeatedHost(this.fields);
		assertThat(this.fields.contains("host")).isFalse();
		this.fields.add("host", "a:443").remove(":authority");
		RequestFields.removeRepeatedHost(this.fields);
		assertThat(this.fields.get("host")).hasToString("a:443");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "a", "A.example", "a:0", "a:65535", "127.0.0.1:8443", "[::1]", "[::1]:443", "a_b-c~", "%61" })
	void hostAndPortAreAnAuthority(String authority) {
		assertThat(RequestFields.findError(this.fields.authority(authority))).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a b", "a:", "a:b", "a:+1", "a:65536", "a:123456", ":443", "u@a", "u:p@a", "[::1",
			"[]", "::1", "[::1]x", "[::1]:x", "[::1]:1]:2", "a/b", "a?b", "a#b", "a\\b", "a:1:2", "a\r\nb", "a\"",
			"\u00e4" })
	void anythingElseIsNone(String authority) {
		assertThat(RequestFields.findError(this.fields.authority(authority))).isEqualTo("invalid :authority or host");
		this.fields.remove(":authority");
		assertThat(RequestFields.findError(this.fields.add("host", authority))).isIn("invalid :authority or host",
				"invalid host");
	}

	@Test
	void trailersHaveNeitherHostNorLength() {
		Http3Headers trailers = new DefaultHttp3Headers().add("checksum", "1");
		assertThat(RequestFields.findError(trailers)).isNull();
		assertThat(RequestFields.findError(trailers.add("host", "a"))).isEqualTo("host or content-length in trailers");
		trailers.remove("host");
		assertThat(RequestFields.findError(trailers.add("content-length", "0")))
			.isEqualTo("host or content-length in trailers");
	}

}
