package io.github.http3spring.conformance;

import java.util.LinkedHashMap;
import java.util.Map;

import io.github.http3spring.TestFutures;
import io.github.http3spring.wire.WireStream;
import io.netty.incubator.codec.http3.Http3ErrorCode;

/**
 * Frames of request streams.
 */
final class FrameCases extends ConformanceCases {

	private static final byte[] HELLO_REQUEST = get("/hello");

	private static final byte[] UNKNOWN = frame(0x21, text("grease"));

	FrameCases() {
		super("RFC 9114");
		sequences();
		layout();
		misplacedFrames();
		extensions();
		cancellation();
	}

	private void sequences() {
		Expectation unexpected = closes(Http3ErrorCode.H3_FRAME_UNEXPECTED);
		request("4.1", "a header section", answers("200", "hello"), HELLO_REQUEST);
		request("4.1", "a header section and content", answers("200", "abc"), post("/echo"), data("abc"));
		request("4.1", "content in several frames, empty ones among them", answers("200", "abcd"), post("/echo"),
				data("a"), data(""), data("bcd"), data(""));
		request("4.1", "header section, content, trailers", answers("200", "abc"), post("/echo"), data("abc"),
				trailers("x", "y"));
		request("4.1", "header section, trailers", answers("200", ""), post("/read"), trailers("x", "y"));
		request("4.1", "DATA first", unexpected, data("abc"));
		request("4.1", "empty DATA first", unexpected, data(""), HELLO_REQUEST);
		request("4.1", "DATA after trailers", unexpected, post("/read"), data("abc"), trailers("x", "y"), data("d"));
		request("4.1", "empty DATA after trailers", unexpected, post("/read"), trailers("x", "y"), data(""));
		request("4.1", "DATA after trailers and a frame of an unknown type", unexpected, post("/read"),
				trailers("x", "y"), UNKNOWN, data("d"));
		request("4.1", "HEADERS after trailers", unexpected, post("/read"), data("abc"), trailers("x", "y"),
				trailers("x", "y"));
		request("4.1", "a second request on the stream", malformed(), post("/read"), post("/read"));
		request("4.1", "a second request after content", malformed(), post("/read"), data("abc"), post("/read"));
		request("4.1", "the end of the stream at once", resets(Http3ErrorCode.H3_REQUEST_INCOMPLETE), new byte[0]);
		request("4.1", "only a frame of an unknown type", resets(Http3ErrorCode.H3_REQUEST_INCOMPLETE), UNKNOWN);
		add("4.1", "the end of the stream by itself", answers("200", "abc"), (peer) -> {
			WireStream stream = peer.connection().rawBidirectional(concat(post("/read"), data("abc")));
			TestFutures.get(peer.connection().get("/hello").response());
			stream.finish();
			return peer.outcomeOf(stream);
		});
		add("4.1", "an upload whose end does not come", Expectation.of(Outcome.WAITS),
				(peer) -> peer.unfinished(concat(post("/read"), data("abc"))));
		add("4.1", "a request in single bytes", answers("200", "abc"), (peer) -> {
			WireStream stream = peer.connection().openSilently();
			for (byte octet : concat(post("/echo"), data("abc"))) {
				stream.raw(new byte[] { octet });
			}
			stream.finish();
			return peer.outcomeOf(stream);
		});
		elsewhere("4.1", "A response has a final header section, and ends its stream",
				"netty.ResponseFormIT#responseThatIsNotWhatItAnnouncedIsResetAndNoOther");
		elsewhere("4.1", "No Transfer-Encoding in a response",
				"netty.ResponseFormIT#lengthAndContentAreWhatTheStatusAndTheMethodAllow");
	}

	private void layout() {
		Expectation error = closes(Http3ErrorCode.H3_FRAME_ERROR);
		for (int size : new int[] { 2, 4, 8 }) {
			request("7.1", "types and lengths in " + size + " bytes", answers("200", "abc"),
					stretched(HEADERS, payload(post("/echo")), size), stretched(DATA, text("abc"), size));
		}
		request("7.1", "end of the stream after the type of a frame", error, post("/read"), hex("00"));
		request("7.1", "end of the stream within the type of a frame", error, post("/read"), hex("40"));
		request("7.1", "end of the stream within the length of a frame", error, post("/read"), hex("00 40"));
		request("7.1", "end of the stream within DATA", error, post("/read"), hex("00 05 616263"));
		request("7.1", "end of the stream within HEADERS", error, hex("01 20 0000 d1"));
		request("7.1", "end of the stream within trailers", error, post("/read"), hex("01 20 0000"));
		request("7.1", "end of the stream within a frame of an unknown type", error, HELLO_REQUEST, hex("21 05 00"));
		request("7.1", "end of the stream within DATA of 1 GB", error, post("/read"), hex("00 bfffffff 616263"));
		request("7.1", "HEADERS without an encoded field section",
				closes(Http3ErrorCode.QPACK_DECOMPRESSION_FAILED).or(error), hex("01 00"));
		request("7.2.2", "HEADERS without fields", malformed(), hex("01 02 0000"));
		add("7.2.1", "the beginning of DATA of 3 GB", Expectation.of(Outcome.WAITS)
			.but(closes(Http3ErrorCode.H3_EXCESSIVE_LOAD),
					"Netty's codec, which keeps the length in an `int` ([report](upstream/netty-http3-conformance.md));"
							+ " costs a client that puts more than 2 GB into one frame its upload"),
				(peer) -> peer.unfinished(concat(post("/read"), hex("00 c0000000b2d05e00 616263"))));
		beginning("4.2.2", "HEADERS longer than the limit for field sections",
				answers("431").or(closes(Http3ErrorCode.H3_EXCESSIVE_LOAD)), hex("01 bfffffff 0000"));
		elsewhere("4.2.2", "The limit is announced and kept", "netty.HeaderSizeIT#limitIsAnnounced");
		elsewhere("7.1", "Frames may be cut anywhere",
				"netty.UnknownFrameIT#unknownFramesAreIgnoredWhereverTheyAreCut");
		elsewhere("10.5", "Frames that bring nothing have a limit",
				"netty.ExcessiveLoadIT#emptyDataFramesCloseTheConnectionAndNoOther");
		elsewhere("10.5", "Requests that are given up have a limit",
				"netty.RapidResetIT#tooManyResetsPerSecondCloseTheConnectionAndNoOther");
	}

	/**
	 * Send each type that does not belong there in each place of a request stream.
	 */
	private void misplacedFrames() {
		Map<byte[], String> frames = new LinkedHashMap<>();
		frames.put(frame(CANCEL_PUSH, integer(0)), "7.2.3 CANCEL_PUSH");
		frames.put(frame(SETTINGS), "7.2.4 SETTINGS");
		frames.put(frame(PUSH_PROMISE, integer(0), payload(HELLO_REQUEST)), "7.2.5 PUSH_PROMISE");
		frames.put(frame(GOAWAY, integer(0)), "7.2.6 GOAWAY");
		frames.put(frame(MAX_PUSH_ID, integer(8)), "7.2.7 MAX_PUSH_ID");
		for (int type : new int[] { 0x02, 0x06, 0x08, 0x09 }) {
			frames.put(frame(type, hex("00000000")), "7.2.8 type 0x%02x of HTTP/2".formatted(type));
		}
		Expectation unexpected = closes(Http3ErrorCode.H3_FRAME_UNEXPECTED);
		frames.forEach((frame, name) -> {
			String section = name.substring(0, name.indexOf(' '));
			String what = name.substring(section.length() + 1);
			request(section, what + " as the first frame of a request", unexpected, frame, HELLO_REQUEST);
			request(section, what + " after the header section", unexpected, post("/read"), frame);
			request(section, what + " between content", unexpected, post("/read"), data("a"), frame, data("b"));
			request(section, what + " after trailers", unexpected, post("/read"), trailers("x", "y"), frame);
		});
		request("7.2.8", "type 0x02 of HTTP/2 in two bytes", unexpected, post("/read"), hex("4002 00"));
	}

	private void extensions() {
		for (long type : new long[] { 0x0a, 0x0b, 0x0c, 0x0e, 0x21, 0x40, 0x3a, 0x1234, 0xf0702, 1L << 32,
				(1L << 32) + 2, (1L << 62) - 1, 0x1fL * 0x12345678 + 0x21 }) {
			request("9", "frames of type 0x%x everywhere in a request".formatted(type), answers("200", "abcd"),
					frame(type, text("x")), post("/echo"), frame(type), data("ab"), frame(type, text("yz")), data("cd"),
					trailers("x", "y"), frame(type));
		}
		request("7.2.8", "a frame of a reserved type of 64 KB", answers("200", "hello"),
				frame(0x21, new byte[64 * 1024]), HELLO_REQUEST);
		elsewhere("9", "Streams of unknown types are ignored", "netty.UnknownFrameIT#streamsOfUnknownTypesAreIgnored");
	}

	private void cancellation() {
		for (long code : new long[] { 0x10c, 0x100, 0x21, 0x7fff_ffff }) {
			add("8", "RESET_STREAM of a request with code 0x%x".formatted(code), ignores(), (peer) -> {
				WireStream stream = peer.connection().rawBidirectional(concat(post("/read"), data("abc")));
				TestFutures.get(peer.connection().get("/hello").response());
				stream.reset(code);
				return peer.outcome();
			});
			add("8", "STOP_SENDING for a response with code 0x%x".formatted(code), ignores(), (peer) -> {
				WireStream stream = peer.connection().rawBidirectional(concat(post("/read"), data("abc")));
				TestFutures.get(peer.connection().get("/hello").response());
				stream.stopSending(code);
				return peer.outcome();
			});
		}
		elsewhere("4.1.1", "H3_REQUEST_REJECTED for requests of which nothing was processed, and for no others",
				"netty.GracefulShutdownIT#requestAfterTheFinalGoAwayIsRejectedAndReachesNoHandler");
		elsewhere("4.1.2", "No malformed request reaches a handler",
				"netty.MalformedRequestIT#malformedRequestsAreResetAndReachNoHandler");
		elsewhere("5.2", "GOAWAY identifiers do not grow",
				"netty.GracefulShutdownIT#requestAfterTheFirstGoAwayIsServed");
		elsewhere("5.3", "H3_NO_ERROR when there is none",
				"netty.GracefulShutdownIT#connectionWithoutRequestIsClosedAfterOneGoAwayDelay");
		elsewhere("10.9", "Requests in early data are served only if they are safe",
				"netty.EarlyDataIT#unsafeRequestGets425AndDoesNotReachTheApplication");
	}

	/**
	 * Encode a frame whose type and length take more bytes than they need (RFC 9000
	 * section 16).
	 */
	private static byte[] stretched(int type, byte[] payload, int size) {
		return concat(stretched(type, size), stretched(payload.length, size), payload);
	}

	private static byte[] stretched(int value, int size) {
		byte[] bytes = new byte[size];
		bytes[size - 1] = (byte) value;
		bytes[0] |= (byte) (Integer.numberOfTrailingZeros(size) << 6);
		return bytes;
	}

	/**
	 * Return the payload of a frame that has fewer than 16,384 bytes.
	 */
	static byte[] payload(byte[] frame) {
		int start = (frame[1] >= 0x40) ? 3 : 2;
		byte[] payload = new byte[frame.length - start];
		System.arraycopy(frame, start, payload, 0, payload.length);
		return payload;
	}

}
