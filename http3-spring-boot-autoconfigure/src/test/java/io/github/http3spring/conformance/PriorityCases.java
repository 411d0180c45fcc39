package io.github.http3spring.conformance;

import io.netty.incubator.codec.http3.Http3ErrorCode;

/**
 * The priority field and PRIORITY_UPDATE.
 */
final class PriorityCases extends ConformanceCases {

	private static final long PUSH = 0xf0701;

	PriorityCases() {
		super("RFC 9218");
		for (String value : new String[] { "u=0", "u=7, i", "i", "i=?0", "u=3;x=1", "", "u=8", "u=-1", "u=a", "u",
				"x=1", "u=1,", "=", "u=1, u=2", "\"", "(1 2)", "u=1 i" }) {
			request("4", "priority " + quoted(value), answers("200", "hello"), get("/hello", "priority", value));
			control("7", "PRIORITY_UPDATE " + quoted(value) + " for a stream to come", ignores(),
					frame(PRIORITY_UPDATE, integer(0), text(value)));
		}
		control("7", "PRIORITY_UPDATE with bytes that are no text", ignores(),
				frame(PRIORITY_UPDATE, integer(0), hex("ff00fe")));
		request("4", "two lines of priority", answers("200", "hello"),
				get("/hello", "priority", "u=1", "priority", "i"));
		Expectation idError = closes(Http3ErrorCode.H3_ID_ERROR);
		for (int id : new int[] { 1, 2, 3, 6, 7 }) {
			control("7.2", "PRIORITY_UPDATE for stream " + id + ", which is no request", idError,
					frame(PRIORITY_UPDATE, integer(id), text("u=1")));
		}
		control("7.2", "PRIORITY_UPDATE for a stream beyond the limit of streams", idError,
				frame(PRIORITY_UPDATE, integer((1L << 62) - 4), text("u=1")));
		control("7.2", "PRIORITY_UPDATE for a push without MAX_PUSH_ID", idError, frame(PUSH, integer(0), text("u=1")));
		control("7.2", "PRIORITY_UPDATE for a push above MAX_PUSH_ID", idError, frame(MAX_PUSH_ID, integer(8)),
				frame(PUSH, integer(9), text("u=1")));
		control("7.2", "PRIORITY_UPDATE for a push that was never promised", idError, frame(MAX_PUSH_ID, integer(8)),
				frame(PUSH, integer(8), text("u=1")));
		control("7.2", "PRIORITY_UPDATE without an identifier", closes(Http3ErrorCode.H3_FRAME_ERROR),
				frame(PRIORITY_UPDATE));
		control("7.2", "PRIORITY_UPDATE whose identifier is cut off", closes(Http3ErrorCode.H3_FRAME_ERROR),
				frame(PRIORITY_UPDATE, hex("40")));
		control("7.2", "PRIORITY_UPDATE without a value", ignores(), frame(PRIORITY_UPDATE, integer(0)));
		control("7.2", "PRIORITY_UPDATE for the same stream again and again", ignores(),
				frame(PRIORITY_UPDATE, integer(0), text("u=1")), frame(PRIORITY_UPDATE, integer(0), text("u=2")),
				frame(PRIORITY_UPDATE, integer(0), text("u=3")));
		for (long type : new long[] { PRIORITY_UPDATE, PUSH }) {
			Expectation unexpected = closes(Http3ErrorCode.H3_FRAME_UNEXPECTED);
			byte[] update = frame(type, integer(0), text("u=1"));
			request("7.2", "type 0x%x first on a request stream".formatted(type), unexpected, update, get("/hello"));
			request("7.2", "type 0x%x after the header section".formatted(type), unexpected, post("/read"), update);
		}
		add("7.2", "PRIORITY_UPDATE for a request that has ended", ignores(), (peer) -> {
			peer.outcome();
			return peer.control(frame(PRIORITY_UPDATE, integer(0), text("u=1")));
		});
		add("7.2", "PRIORITY_UPDATE in single bytes", ignores(), (peer) -> {
			for (byte octet : frame(PRIORITY_UPDATE, integer(4), text("u=1, i"))) {
				peer.connection().controlStream().raw(new byte[] { octet });
			}
			return peer.outcome();
		});
	}

}
