package io.github.http3spring.conformance;

import io.netty.incubator.codec.http3.Http3ErrorCode;

/**
 * Encoded field sections, and the instructions of encoder and decoder streams. The server
 * has no dynamic table.
 */
final class QpackCases extends ConformanceCases {

	QpackCases() {
		super("RFC 9204");
		staticTable();
		dynamicTable();
		literals();
		integers();
		encoderStream();
		decoderStream();
	}

	private void staticTable() {
		Expectation failed = closes(Http3ErrorCode.QPACK_DECOMPRESSION_FAILED);
		request("3.1", "a request from the static table", answers("200", "hello"), encoded(""));
		request("3.1", "the last entry of the static table", answers("200", "hello"), encoded("ff23"));
		request("3.1", "index 99 of the static table", failed, encoded("ff24"));
		request("3.1", "index 2^20 of the static table", failed, encoded("ffc1ff3f"));
		request("3.1", "index 99 of the static table for a name", failed, encoded("5f54 0161"));
		request("3.1", "the last name of the static table", answers("200", "hello"), encoded("5f53 0161"));
		request("4.5.4", "a name of the static table that is never to be indexed", answers("200", "hello"),
				encoded("7f53 0161"));
		request("2.2", "fields in their order", answers("200", "1|2"), get("/field?x", "x", "1", "x", "2"));
	}

	private void dynamicTable() {
		Expectation failed = closes(Http3ErrorCode.QPACK_DECOMPRESSION_FAILED);
		for (String prefix : new String[] { "01", "02", "40", "ff00", "ff8001" }) {
			request("4.5.1.1", "Required Insert Count 0x" + prefix + " without a dynamic table", failed,
					frame(HEADERS, hex(prefix + "00"), HELLO));
		}
		request("4.5.1.2", "sign bit and Delta Base 0 with Required Insert Count 0", failed,
				frame(HEADERS, hex("0080"), HELLO));
		request("4.5.1.2", "sign bit and Delta Base 1 with Required Insert Count 0", failed,
				frame(HEADERS, hex("0081"), HELLO));
		request("4.5.1.2", "Delta Base 5, which nothing refers to", answers("200", "hello"),
				frame(HEADERS, hex("0005"), HELLO));
		request("2.2.3", "an entry of the dynamic table", failed, encoded("80"));
		request("2.2.3", "entry 62 of the dynamic table", failed, encoded("be"));
		request("2.2.3", "an entry of the dynamic table behind the base", failed, encoded("10"));
		request("2.2.3", "a name of the dynamic table", failed, encoded("40 0161"));
		request("2.2.3", "a name of the dynamic table behind the base", failed, encoded("00 0161"));
		request("2.2.3", "an entry of the dynamic table with a base", failed,
				frame(HEADERS, hex("0005"), HELLO, hex("80")));
	}

	private void literals() {
		Expectation failed = closes(Http3ErrorCode.QPACK_DECOMPRESSION_FAILED);
		request("4.5.6", "a literal name and value", answers("200", "hello"), encoded("2178 0179"));
		request("4.5.6", "a literal that is never to be indexed", answers("200", "hello"), encoded("3178 0179"));
		request("4.5.6", "an empty value", answers("200", "hello"), encoded("2178 00"));
		request("4.5.6", "an empty name", malformed(), encoded("20 0179"));
		request("4.1.2", "a value in Huffman coding", answers("200", "hello"), encoded("2178 811f"));
		request("4.1.2", "a name in Huffman coding", answers("200", "hello"), encoded("29f3 0179"));
		request("4.1.2", "Huffman padding of eight bits", failed, encoded("2178 821fff"));
		request("4.1.2", "Huffman padding of zeros", failed, encoded("2178 8118"));
		request("4.1.2", "EOS in Huffman coding", failed, encoded("2178 84ffffffff"));
		request("4.1.2", "EOS behind a character in Huffman coding", failed, encoded("2178 851fffffffff"));
		request("4.1.2", "a value that is longer than the section", failed, encoded("2178 0579"));
		request("4.1.2", "a name that is longer than the section", failed, encoded("27 ff01 78"));
		request("4.5", "a section that ends before a value", failed, encoded("2178"));
		request("4.5", "a section that ends before a name", failed, encoded("21"));
		request("4.5.1", "a section without Base", failed.or(closes(Http3ErrorCode.H3_FRAME_ERROR)),
				frame(HEADERS, hex("00")));
		request("4.5.1", "a section whose Required Insert Count is cut off",
				failed.or(closes(Http3ErrorCode.H3_FRAME_ERROR)), frame(HEADERS, hex("ff")));
	}

	private void integers() {
		Expectation failed = closes(Http3ErrorCode.QPACK_DECOMPRESSION_FAILED)
			.or(resets(Http3ErrorCode.QPACK_DECOMPRESSION_FAILED));
		request("4.1.1", "an index that is longer than it needs to be", answers("200", "hello"), encoded("ffa38000"));
		request("4.1.1", "an index of 62 bits", failed, encoded("ffffffffffffffffff3f"));
		request("4.1.1", "an index of 64 bits", failed, encoded("ff80ffffffffffffffff01"));
		request("7.4", "an index of more bits", failed, encoded("ffffffffffffffffffffff7f"));
		request("7.4", "an index with 40 bytes of zeros", answers("200", "hello").or(failed),
				encoded("ffa3" + "80".repeat(40) + "00"));
		request("4.1.1", "an index that is cut off", failed, encoded("ff80"));
		request("7.4", "a length of 62 bits", failed, encoded("2178 7fffffffffffffffff3f"));
		request("7.4", "a length of more bits", failed, encoded("2178 7fffffffffffffffffffff7f"));
	}

	private void encoderStream() {
		Expectation error = closes(Http3ErrorCode.QPACK_ENCODER_STREAM_ERROR);
		unidirectional("4.2", "an encoder stream", ignores(), hex("02"));
		unidirectional("4.2", "an encoder stream, type in two bytes", ignores(), hex("4002"));
		unidirectional("4.3.1", "capacity 0", ignores(), hex("02 20"));
		unidirectional("4.3.1", "capacity 1", error, hex("02 21"));
		unidirectional("4.3.1", "capacity 4096", error, hex("02 3fe11f"));
		unidirectional("4.3.1", "a capacity of 62 bits", error, hex("02 3fffffffffffffffff3f"));
		unidirectional("3.2.2", "an insertion with a name of the static table", error, hex("02 c00161"));
		unidirectional("3.1", "an insertion with name 99 of the static table", error, hex("02 ff24 0161"));
		unidirectional("2.2.3", "an insertion with a name of the dynamic table", error, hex("02 80 0161"));
		unidirectional("3.2.2", "an insertion with a literal name", error, hex("02 41 78 0179"));
		unidirectional("2.2.3", "a duplicate", error, hex("02 00"));
		unidirectional("2.2.3", "a duplicate of entry 31", error, hex("02 1f00"));
		twice("02", "encoder");
		elsewhere("7.3", "Instructions have a limit",
				"netty.ExcessiveLoadIT#instructionsForTheCompressionOfFieldsCloseTheConnection");
	}

	private void decoderStream() {
		Expectation error = closes(Http3ErrorCode.QPACK_DECODER_STREAM_ERROR);
		unidirectional("4.2", "a decoder stream", ignores(), hex("03"));
		unidirectional("4.2", "a decoder stream, type in eight bytes", ignores(), hex("c000000000000003"));
		unidirectional("4.4.1", "acknowledgment of a section without references", error, hex("03 80"));
		unidirectional("4.4.1", "acknowledgment of a section of no stream", error, hex("03 ff00"));
		unidirectional("4.4.2", "cancellation of a stream", ignores(), hex("03 40"));
		unidirectional("4.4.2", "cancellation of a stream that does not exist", ignores(), hex("03 7f8001"));
		unidirectional("4.4.3", "Insert Count Increment of 0", error, hex("03 00"));
		unidirectional("4.4.3", "Insert Count Increment of 1", error, hex("03 01"));
		unidirectional("4.4.3", "Insert Count Increment of 63", error, hex("03 3f00"));
		unidirectional("7.4", "an identifier of more bits", error, hex("03 7fffffffffffffffffffffff7f"));
		twice("03", "decoder");
	}

	private void twice(String type, String name) {
		add("4.2", "a second " + name + " stream", closes(Http3ErrorCode.H3_STREAM_CREATION_ERROR), (peer) -> {
			peer.connection().rawUnidirectional(hex(type));
			return peer.unidirectional(hex(type));
		});
		add("4.2", "the end of the " + name + " stream", closes(Http3ErrorCode.H3_CLOSED_CRITICAL_STREAM), (peer) -> {
			peer.connection().rawUnidirectional(hex(type)).finish();
			return peer.outcome();
		});
		add("4.2", "a reset of the " + name + " stream", closes(Http3ErrorCode.H3_CLOSED_CRITICAL_STREAM), (peer) -> {
			var stream = peer.connection().rawUnidirectional(hex(type));
			peer.outcome();
			stream.reset(0x100);
			return peer.outcome();
		});
	}

}
