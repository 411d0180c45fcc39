package io.github.http3spring.conformance;

import java.util.Map;

import io.github.http3spring.wire.WireStream;
import io.netty.incubator.codec.http3.Http3ErrorCode;

/**
 * Control streams, settings, and other unidirectional streams.
 */
final class ControlStreamCases extends ConformanceCases {

	private static final long LARGEST = (1L << 62) - 1;

	ControlStreamCases() {
		super("RFC 9114");
		streams();
		firstFrame();
		settingsFrames();
		frames();
		closing();
		ourOwn();
	}

	private void streams() {
		Expectation creation = closes(Http3ErrorCode.H3_STREAM_CREATION_ERROR);
		unidirectional("6.2.1", "a second control stream", creation, hex("00 04 00"));
		unidirectional("6.2.1", "a second control stream without a frame", creation, hex("00"));
		unidirectional("6.2.1", "a second control stream, type in four bytes", creation, hex("80000000 04 00"));
		unidirectional("6.2.2", "a push stream", creation, hex("01 00"));
		unidirectional("6.2.2", "a push stream without a push ID", creation, hex("01"));
		for (long type : new long[] { 0x04, 0x0a, 0x21, 0x40, 0x54, 0x1234, 1L << 32, (1L << 32) + 1, LARGEST }) {
			unidirectional("6.2", "a stream of type 0x%x".formatted(type), ignores(), integer(type),
					hex("00 04 00 ffff"));
			add("6.2.3", "a stream of type 0x%x that ends".formatted(type), ignores(), (peer) -> {
				peer.connection().rawUnidirectional(integer(type)).finish();
				return peer.outcome();
			});
		}
		add("6.2", "a stream that ends before its type", ignores(), (peer) -> {
			peer.connection().rawUnidirectional(new byte[0]).finish();
			return peer.outcome();
		});
		add("6.2", "a stream that ends within its type", ignores(), (peer) -> {
			peer.connection().rawUnidirectional(hex("40")).finish();
			return peer.outcome();
		});
		add("6.2", "a stream that is reset within its type", ignores(), (peer) -> {
			peer.connection().rawUnidirectional(hex("c000")).reset(0x100);
			return peer.outcome();
		});
		inSingleBytes("6.2.1", "a control stream in single bytes, its type in two", ignores(), hex("4000 04 00"));
		inSingleBytes("6.2.1", "a control stream in single bytes", ignores(), hex("00 04 00"));
		untested("6.1", "The server opens no bidirectional stream", "it has no code that does");
	}

	private void inSingleBytes(String section, String sent, Expectation expected, byte[] bytes) {
		cases().add(new ConformanceCase("RFC 9114", section, sent, expected, true, (peer) -> {
			WireStream stream = peer.connection().rawUnidirectional(new byte[0]);
			for (byte octet : bytes) {
				stream.raw(new byte[] { octet });
			}
			return peer.outcome();
		}));
	}

	private void firstFrame() {
		Expectation missing = closes(Http3ErrorCode.H3_MISSING_SETTINGS);
		start("6.2.1", "DATA before SETTINGS", missing, frame(DATA, text("x")));
		start("6.2.1", "HEADERS before SETTINGS", missing, get("/hello"));
		start("6.2.1", "CANCEL_PUSH before SETTINGS", missing, frame(CANCEL_PUSH, integer(0)));
		start("6.2.1", "PUSH_PROMISE before SETTINGS", missing, frame(PUSH_PROMISE, integer(0)));
		start("6.2.1", "GOAWAY before SETTINGS", missing, frame(GOAWAY, integer(0)));
		start("6.2.1", "MAX_PUSH_ID before SETTINGS", missing, frame(MAX_PUSH_ID, integer(0)));
		start("6.2.1", "PRIORITY_UPDATE before SETTINGS", missing, frame(PRIORITY_UPDATE, integer(0), text("u=1")));
		for (int type : new int[] { 0x0a, 0x21, 0x40 }) {
			start("6.2.1", "a frame of type 0x%x before SETTINGS".formatted(type), missing, frame(type, text("x")),
					settings());
		}
		for (int type : new int[] { 0x02, 0x06, 0x08, 0x09 }) {
			start("6.2.1", "type 0x%02x of HTTP/2 before SETTINGS".formatted(type),
					missing.or(closes(Http3ErrorCode.H3_FRAME_UNEXPECTED)), frame(type, text("x")));
		}
		cases().add(new ConformanceCase("RFC 9114", "7.2.4.2", "a request before SETTINGS", answers("200", "hello"),
				true, (peer) -> peer.request(get("/hello"))));
	}

	private void settingsFrames() {
		Expectation error = closes(Http3ErrorCode.H3_SETTINGS_ERROR);
		start("7.2.4", "empty SETTINGS", ignores(), settings());
		start("7.2.4", "the settings of RFC 9114 and RFC 9204", ignores(), settings(0x06, 16384, 0x01, 0, 0x07, 0));
		start("7.2.4", "a small MAX_FIELD_SECTION_SIZE", ignores(), settings(0x06, 1000));
		start("7.2.4", "the largest MAX_FIELD_SECTION_SIZE", ignores(), settings(0x06, LARGEST));
		start("7.2.4", "the largest QPACK_MAX_TABLE_CAPACITY", ignores(), settings(0x01, LARGEST));
		start("7.2.4", "the largest QPACK_BLOCKED_STREAMS", ignores(), settings(0x01, 4096, 0x07, LARGEST));
		for (long id : new long[] { 0x21, 0x40, 0x0a, 0x4321, 0x1fL * 1000 + 0x21, LARGEST }) {
			start("7.2.4", "setting 0x%x, which nobody knows".formatted(id), ignores(), settings(id, 5));
		}
		start("7.2.4", "a setting of the largest value", ignores(), settings(0x21, LARGEST));
		start("7.2.4", "identifiers and values that are longer than they need to be", ignores(),
				frame(SETTINGS, hex("4006 80004000")));
		for (long id : new long[] { 0x01, 0x06, 0x07, 0x08, 0x33, 0x21, 0x4321 }) {
			start("7.2.4", "setting 0x%x twice".formatted(id), error, settings(id, 1, id, 1));
		}
		for (long id : new long[] { 0x00, 0x02, 0x03, 0x04, 0x05 }) {
			start("7.2.4.1", "setting 0x%02x of HTTP/2".formatted(id), error, settings(id, 0));
			start("7.2.4.1", "setting 0x%02x of HTTP/2 behind others".formatted(id), error,
					settings(0x06, 16384, id, 1));
		}
		start("7.1", "a setting without its value", closes(Http3ErrorCode.H3_FRAME_ERROR), frame(SETTINGS, hex("06")));
		start("7.1", "an identifier that is cut off", closes(Http3ErrorCode.H3_FRAME_ERROR),
				frame(SETTINGS, hex("0601 40")));
		start("7.1", "a value that is cut off", closes(Http3ErrorCode.H3_FRAME_ERROR), frame(SETTINGS, hex("06 8000")));
	}

	private void frames() {
		Expectation unexpected = closes(Http3ErrorCode.H3_FRAME_UNEXPECTED);
		Expectation frameError = closes(Http3ErrorCode.H3_FRAME_ERROR);
		Expectation idError = closes(Http3ErrorCode.H3_ID_ERROR);
		control("7.2.1", "DATA on the control stream", unexpected, data("x"));
		control("7.2.1", "empty DATA on the control stream", unexpected, data(""));
		control("7.2.2", "HEADERS on the control stream", unexpected, get("/hello"));
		control("7.2.4", "a second SETTINGS", unexpected, settings());
		control("7.2.4", "a second SETTINGS with settings", unexpected, settings(0x06, 16384));
		control("7.2.5", "PUSH_PROMISE on the control stream", unexpected,
				frame(PUSH_PROMISE, integer(0), FrameCases.payload(get("/hello"))));
		for (int type : new int[] { 0x02, 0x06, 0x08, 0x09 }) {
			control("7.2.8", "type 0x%02x of HTTP/2 on the control stream".formatted(type), unexpected,
					frame(type, hex("00000000")));
			control("7.2.8", "type 0x%02x of HTTP/2 on the control stream, empty".formatted(type), unexpected,
					frame(type));
		}
		for (long type : new long[] { 0x0a, 0x0b, 0x0c, 0x0e, 0x21, 0x40, 0x1234, 0xf0702, 1L << 32, (1L << 32) + 4,
				LARGEST }) {
			control("9", "a frame of type 0x%x on the control stream".formatted(type), ignores(),
					frame(type, text("abc")), frame(type), frame(GOAWAY, integer(0)));
		}
		for (int id : new int[] { 0, 1, 4, 16384 }) {
			control("7.2.6", "GOAWAY with push ID " + id, ignores(), frame(GOAWAY, integer(id)));
		}
		control("5.2", "GOAWAY with the same push ID again", ignores(), frame(GOAWAY, integer(4)),
				frame(GOAWAY, integer(4)));
		control("5.2", "GOAWAY with a smaller push ID", ignores(), frame(GOAWAY, integer(LARGEST)),
				frame(GOAWAY, integer(0)));
		control("5.2", "GOAWAY with a larger push ID", idError, frame(GOAWAY, integer(0)), frame(GOAWAY, integer(1)));
		control("7.2.7", "MAX_PUSH_ID", ignores(), frame(MAX_PUSH_ID, integer(0)));
		control("7.2.7", "MAX_PUSH_ID that grows", ignores(), frame(MAX_PUSH_ID, integer(0)),
				frame(MAX_PUSH_ID, integer(LARGEST)));
		control("7.2.7", "MAX_PUSH_ID that stays", ignores(), frame(MAX_PUSH_ID, integer(7)),
				frame(MAX_PUSH_ID, integer(7)));
		control("7.2.7", "MAX_PUSH_ID that shrinks", idError, frame(MAX_PUSH_ID, integer(8)),
				frame(MAX_PUSH_ID, integer(7)));
		control("7.2.3", "CANCEL_PUSH without MAX_PUSH_ID", idError, frame(CANCEL_PUSH, integer(0)));
		control("7.2.3", "CANCEL_PUSH above MAX_PUSH_ID", idError, frame(MAX_PUSH_ID, integer(8)),
				frame(CANCEL_PUSH, integer(9)));
		control("7.2.3", "CANCEL_PUSH of what was never promised", idError, frame(MAX_PUSH_ID, integer(8)),
				frame(CANCEL_PUSH, integer(8)));
		for (int type : new int[] { CANCEL_PUSH, GOAWAY, MAX_PUSH_ID }) {
			String name = (type == GOAWAY) ? "GOAWAY" : (type == CANCEL_PUSH) ? "CANCEL_PUSH" : "MAX_PUSH_ID";
			byte[] allowed = (type == CANCEL_PUSH) ? frame(MAX_PUSH_ID, integer(8)) : new byte[0];
			control("7.1", name + " without an identifier", frameError, allowed, frame(type));
			control("7.1", name + " whose identifier is cut off", frameError, allowed, frame(type, hex("40")));
			control("7.1", name + " with a byte too many", frameError, allowed, frame(type, hex("00 00")));
			control("7.1", name + " with many bytes too many", frameError, allowed, frame(type, new byte[100]));
		}
		control("7.1", "GOAWAY whose identifier takes eight bytes", ignores(), frame(GOAWAY, hex("c000000000000004")));
		elsewhere("10.5", "Frames of the control stream have a limit",
				"netty.ExcessiveLoadIT#framesOnTheControlStreamCloseTheConnection");
	}

	private void closing() {
		Expectation critical = closes(Http3ErrorCode.H3_CLOSED_CRITICAL_STREAM);
		add("6.2.1", "the end of the control stream", critical, (peer) -> {
			peer.connection().controlStream().finish();
			return peer.outcome();
		});
		add("6.2.1", "a reset of the control stream", critical, (peer) -> {
			peer.connection().controlStream().reset(0x100);
			return peer.outcome();
		});
		add("6.2.1", "the end of the control stream after GOAWAY", critical, (peer) -> {
			peer.connection().controlStream().rawLast(frame(GOAWAY, integer(0)));
			return peer.outcome();
		});
		add("6.2.1", "the end of the control stream within a frame", critical.or(closes(Http3ErrorCode.H3_FRAME_ERROR)),
				(peer) -> {
					peer.connection().controlStream().rawLast(hex("07"));
					return peer.outcome();
				});
		cases().add(new ConformanceCase("RFC 9114", "6.2.1", "the end of the control stream before SETTINGS",
				critical.or(closes(Http3ErrorCode.H3_MISSING_SETTINGS)), true, (peer) -> {
					peer.connection().rawUnidirectional(hex("00")).finish();
					return peer.outcome();
				}));
		add("6.2.1", "STOP_SENDING for the control stream of the server, while a request is open", critical, (peer) -> {
			WireStream upload = peer.connection().rawBidirectional(post("/read"));
			peer.connection().stopServerStreams(0x100);
			// Found out within a second
			return peer.outcomeOf(upload);
		});
	}

	private void ourOwn() {
		add("3.2", "nothing: the server begins with SETTINGS", shows("SETTINGS on the control stream"),
				(peer) -> new Outcome(
						peer.connection().settings().isEmpty() ? "no settings" : "SETTINGS on the control stream",
						null));
		add("7.2.4.1", "nothing: no setting of the server is one of HTTP/2", shows("none is"), (peer) -> {
			Map<Long, Long> settings = peer.connection().settings();
			boolean reserved = settings.keySet().stream().anyMatch((id) -> id == 0 || id >= 2 && id <= 5);
			return new Outcome(reserved ? settings.toString() : "none is", null);
		});
	}

}
