package io.github.http3spring.netty;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import io.github.http3spring.server.ShutdownVerdict;
import io.github.http3spring.wire.Http3Frames;
import io.github.http3spring.wire.StreamResetException;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.GracefulShutdownResult;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Requests that are malformed (RFC 9114 section 4.1.2) or that never become complete end
 * with the error code of the RFC, reach no handler, fill no log and hold no shutdown.
 */
@ExtendWith(OutputCaptureExtension.class)
@Isolated("captures the output")
class MalformedRequestIT {

	private static final long FRAME_ERROR = 0x106;

	private static final long REQUEST_REJECTED = 0x10b;

	private static final long REQUEST_INCOMPLETE = 0x10d;

	private static final long MESSAGE_ERROR = 0x10e;

	private static final byte[] RESERVED_FRAME = Http3Frames.frame(0x40, new byte[] { 1 });

	private final WireClient client = WireClient.create();

	private TestServer server;

	private WireConnection connection;

	private WireStream slow;

	@BeforeEach
	void connect() throws Exception {
		this.server = TestServer.start();
		this.connection = get(this.client.connect(this.server.address()));
		this.slow = this.connection.get("/slow?millis=300");
	}

	@AfterEach
	void close(CapturedOutput output) {
		this.client.close();
		this.server.close();
		assertThat(output).doesNotContain("WARN", "ERROR");
	}

	@Test
	void malformedRequestsAreResetAndReachNoHandler() throws Exception {
		Map<String, byte[]> requests = new LinkedHashMap<>();
		// One of each kind: ConformanceIT sends them all
		requests.put("connection", headers(Map.of("connection", "close")));
		requests.put("CR and LF in a value", headers(Map.of("x", "a\r\nb: c")));
		requests.put("empty name", headers(Map.of("", "z")));
		requests.put("another host", headers(Map.of("host", "other")));
		requests.put("pseudo-header field after others", section("POST", "/orders/1", "host", "a", ":authority", "a"));
		requests.put("second te", section("POST", "/orders/1", "host", "a", "te", "trailers", "te", "chunked"));
		requests.put("content that does not come", headers(Map.of("content-length", "5")));
		requests.put("authority", Http3Frames.headers("POST", "user@a", "/orders/1", Map.of()));
		requests.put("path", Http3Frames.headers("POST", "a", "/a b", Map.of()));
		requests.put("method", Http3Frames.headers("G ET", "a", "/", Map.of()));
		for (Map.Entry<String, byte[]> request : requests.entrySet()) {
			assertReset(request.getKey(), send(request.getValue()), MESSAGE_ERROR);
		}
		assertThatTheShutdownLosesNothing();
	}

	@Test
	void requestThatIsNotWhatItAnnouncesIsMalformedThoughItsHandlerHasAnswered() throws Exception {
		Map<String, byte[]> requests = new LinkedHashMap<>();
		requests.put("no content", hello(Map.of("content-length", "5")));
		requests.put("less", concat(hello(Map.of("content-length", "5")), Http3Frames.frame(0x00, new byte[4])));
		requests.put("more", concat(hello(Map.of("content-length", "5")), Http3Frames.frame(0x00, new byte[6])));
		requests.put("more than none",
				concat(hello(Map.of("content-length", "0")), Http3Frames.frame(0x00, new byte[1])));
		requests.put("trailers", concat(hello(Map.of()), Http3Frames.trailers(Map.of("x", "a\r\nb"))));
		requests.put("length in trailers",
				concat(hello(Map.of()), Http3Frames.trailers(Map.of("content-length", "0"))));
		requests.put("host in trailers", concat(hello(Map.of()), Http3Frames.trailers(Map.of("host", "b"))));
		requests.put("pseudo-header field in trailers",
				concat(hello(Map.of()), Http3Frames.trailers(Map.of(":path", "/b"))));
		for (Map.Entry<String, byte[]> request : requests.entrySet()) {
			assertReset(request.getKey(), send(request.getValue()), MESSAGE_ERROR);
		}
		for (int sent = 0; sent < 2; sent++) {
			WireStream parts = this.connection.rawBidirectional(hello(Map.of("content-length", "2")));
			get(this.connection.get("/empty").response());
			if (sent == 1) {
				parts.write(new byte[1]);
				get(this.connection.get("/empty").response());
			}
			parts.finish();
			assertReset("end by itself after " + sent, parts, MESSAGE_ERROR);
		}
		// The end comes by itself, and nobody reads it
		WireStream late = this.connection
			.rawBidirectional(Http3Frames.headers("GET", "a", "/slow?millis=300", Map.of("content-length", "5")));
		get(this.connection.get("/empty").response());
		late.finish();
		assertReset("no content, late", late, MESSAGE_ERROR);
		assertThatTheShutdownLosesNothing();
	}

	@Test
	void getIsAnsweredThoughItsContentComesLateOrNever() throws Exception {
		WireStream late = this.connection.rawBidirectional(hello(Map.of("content-length", "2")));
		WireStream never = this.connection.rawBidirectional(hello(Map.of("content-length", "2")));
		get(this.connection.get("/empty").response());
		late.write(new byte[2]);
		late.finish();
		assertThat(get(late.response()).bodyAsString()).isEqualTo("hello");
		assertThat(get(never.response()).bodyAsString()).isEqualTo("hello");
	}

	@Test
	void lengthMayBeRepeatedAndIsSeenOnce() throws Exception {
		for (String length : new String[] { "3", "3, 3" }) {
			WireStream request = this.connection
				.rawBidirectional(Http3Frames.headers("POST", "a", "/count", Map.of("content-length", length)));
			request.write(new byte[3]);
			request.finish();
			assertThat(get(request.response()).bodyAsString()).isEqualTo("3");
		}
		assertThatTheShutdownLosesNothing();
	}

	@Test
	void authorityAndHostMayBeTheSame() throws Exception {
		for (String authority : new String[] { "a", "A:443", "[::1]:443", "[::1]" }) {
			Map<String, String> host = Map.of("host", authority.toLowerCase(Locale.ROOT));
			WireStream request = send(Http3Frames.headers("GET", authority, "/hello", host));
			assertThat(get(request.response()).status()).as(authority).isEqualTo(200);
		}
		assertThatTheShutdownLosesNothing();
	}

	@Test
	void uploadThatIsShorterThanAnnouncedIsNotTakenForAWholeOne() throws Exception {
		byte[] headers = Http3Frames.headers("POST", "a", "/orders/1", Map.of("content-length", "10"));
		WireStream upload = this.connection.rawBidirectional(headers);
		upload.write(new byte[5]);
		upload.finish();
		assertReset("too short", upload, MESSAGE_ERROR);
		assertThatTheShutdownLosesNothing();
	}

	@Test
	void malformedTrailersResetTheRequest() throws Exception {
		WireStream upload = this.connection.rawBidirectional(headers(Map.of()));
		upload.write(new byte[5]);
		upload.raw(Http3Frames.trailers(Map.of("x", "a\r\nb")));
		upload.finish();
		assertReset("trailers", upload, MESSAGE_ERROR);
		assertThatTheShutdownLosesNothing();
	}

	@Test
	void streamsThatEndBeforeARequestAreResetAsIncomplete() throws Exception {
		assertReset("nothing", send(new byte[0]), REQUEST_INCOMPLETE);
		assertReset("only a reserved frame", send(RESERVED_FRAME), REQUEST_INCOMPLETE);
		assertThatTheShutdownLosesNothing();
	}

	@Test
	void reservedFramesOfTheirOwnDelayNoRequest() throws Exception {
		WireStream request = this.connection.rawBidirectional(RESERVED_FRAME);
		get(this.slow.response());
		request.raw(Http3Frames.headers("POST", "a", "/count", Map.of()));
		this.server.awaitStarted(2);
		request.raw(RESERVED_FRAME);
		get(this.connection.get("/hello").response());
		request.write(new byte[3]);
		request.finish();
		assertThat(get(request.response()).bodyAsString()).isEqualTo("3");
	}

	@Test
	void streamThatEndsWithinAFrameClosesItsConnectionAndNoOther() throws Exception {
		WireConnection bad = get(this.client.connect(this.server.address()));
		WireStream request = bad.rawBidirectional(headers(Map.of()));
		request.raw(new byte[] { 0x00, 0x50, 0x01 });
		request.finish();
		assertThat(get(bad.closed()).errorCode()).isEqualTo(FRAME_ERROR);
		assertThatTheShutdownLosesNothing();
	}

	@Test
	void requestWhoseHeadersDoNotArriveIsRejectedLongBeforeTheDeadline() throws Exception {
		WireStream never = this.connection.openSilently().partialHeaders("GET", "/hello", Map.of(), 10);
		byte[] headers = Http3Frames.headers("GET", "a", "/hello", Map.of());
		WireStream late = this.connection.rawBidirectional(Arrays.copyOf(headers, 10));
		get(this.slow.response());
		CompletableFuture<GracefulShutdownResult> shutdown = this.server.shutDown();
		get(this.connection.goAway(2));
		late.raw(Arrays.copyOfRange(headers, 10, headers.length));
		late.finish();
		assertThat(get(late.response()).status()).isEqualTo(200);
		assertReset("incomplete headers", never, REQUEST_REJECTED);
		assertThat(get(shutdown)).isEqualTo(GracefulShutdownResult.IDLE);
		ShutdownVerdict verdict = this.server.verdict();
		assertThat(verdict.isLossless()).isTrue();
		assertThat(verdict.duration()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(10));
	}

	/**
	 * Also check that the other request of the connection was served, and no other.
	 */
	private void assertThatTheShutdownLosesNothing() throws Exception {
		assertThat(get(this.slow.response()).status()).isEqualTo(200);
		assertThat(get(this.server.shutDown())).isEqualTo(GracefulShutdownResult.IDLE);
		ShutdownVerdict verdict = this.server.verdict();
		assertThat(verdict.isLossless()).isTrue();
		assertThat(verdict.requests().cancelled()).isZero();
		assertThat(verdict.duration()).isLessThan(Duration.ofSeconds(5));
		assertThat(this.server.orders()).isEmpty();
	}

	private WireStream send(byte[] bytes) {
		WireStream stream = this.connection.openSilently();
		stream.rawLast(bytes);
		return stream;
	}

	/**
	 * Encode a header section whose other fields may be anything, in that order.
	 */
	private static byte[] section(String method, String path, String... fields) {
		String[] all = new String[6 + fields.length];
		System.arraycopy(new String[] { ":method", method, ":scheme", "https", ":path", path }, 0, all, 0, 6);
		System.arraycopy(fields, 0, all, 6, fields.length);
		return Http3Frames.fields(all);
	}

	private static byte[] hello(Map<String, String> fields) {
		return Http3Frames.headers("GET", "a", "/hello", fields);
	}

	private static byte[] concat(byte[] first, byte[] second) {
		byte[] both = Arrays.copyOf(first, first.length + second.length);
		System.arraycopy(second, 0, both, first.length, second.length);
		return both;
	}

	private static byte[] headers(Map<String, String> fields) {
		return Http3Frames.headers("POST", "a", "/orders/1", fields);
	}

	private static void assertReset(String what, WireStream stream, long code) {
		assertThatExceptionOfType(ExecutionException.class).as(what)
			.isThrownBy(() -> get(stream.response()))
			.havingCause()
			.isInstanceOfSatisfying(StreamResetException.class, (ex) -> assertThat(ex.code()).as(what).isEqualTo(code));
	}

}
