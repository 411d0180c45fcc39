package io.github.http3spring.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * Encodes HTTP/3 frames (RFC 9114 section 7), well-formed ones, to be sent where they do
 * not belong or in part if a test wants to.
 */
public final class Http3Frames {

	/** DATA. */
	public static final int DATA = 0x00;

	/** HEADERS. */
	public static final int HEADERS = 0x01;

	/** SETTINGS. */
	public static final int SETTINGS = 0x04;

	/** GOAWAY. */
	public static final int GOAWAY = 0x07;

	/** The type of a control stream. */
	public static final int CONTROL_STREAM = 0x00;

	private Http3Frames() {
	}

	/**
	 * Encode a variable-length integer (RFC 9000 section 16).
	 * @param value the value, below 2^62
	 * @return 1, 2, 4 or 8 bytes
	 */
	public static byte[] varint(long value) {
		int sizeBits = (value < 1 << 6) ? 0 : (value < 1 << 14) ? 1 : (value < 1 << 30) ? 2 : 3;
		byte[] bytes = new byte[1 << sizeBits];
		for (int i = bytes.length - 1, shift = 0; i >= 0; i--, shift += 8) {
			bytes[i] = (byte) (value >>> shift);
		}
		bytes[0] |= (byte) (sizeBits << 6);
		return bytes;
	}

	/**
	 * Encode a frame.
	 * @param type the frame type
	 * @param payload the payload
	 * @return the frame
	 */
	public static byte[] frame(long type, byte[] payload) {
		return concat(frameHeader(type, payload.length), payload);
	}

	/**
	 * Encode what comes before a frame's payload.
	 * @param type the frame type
	 * @param length the length of the payload
	 * @return type and length
	 */
	public static byte[] frameHeader(long type, long length) {
		return concat(varint(type), varint(length));
	}

	/**
	 * Encode a GOAWAY frame.
	 * @param id the id
	 * @return the frame
	 */
	public static byte[] goAway(long id) {
		return frame(GOAWAY, varint(id));
	}

	/**
	 * Encode the HEADERS frame of a request.
	 * @param method the value of {@code :method}
	 * @param authority the value of {@code :authority}
	 * @param path the value of {@code :path}
	 * @param fields further fields; names are sent in lower case
	 * @return the frame
	 */
	public static byte[] headers(String method, String authority, String path, Map<String, String> fields) {
		ByteArrayOutputStream section = section();
		field(section, ":method", method);
		field(section, ":scheme", "https");
		field(section, ":authority", authority);
		field(section, ":path", path);
		fields.forEach((name, value) -> field(section, name.toLowerCase(Locale.ROOT), value));
		return frame(HEADERS, section.toByteArray());
	}

	/**
	 * Encode the HEADERS frame of trailers.
	 * @param fields the fields; names are sent in lower case
	 * @return the frame
	 */
	public static byte[] trailers(Map<String, String> fields) {
		ByteArrayOutputStream section = section();
		fields.forEach((name, value) -> field(section, name.toLowerCase(Locale.ROOT), value));
		return frame(HEADERS, section.toByteArray());
	}

	/**
	 * Encode a HEADERS frame of anything.
	 * @param fields names and values by turns, sent in this order as they are
	 * @return the frame
	 */
	public static byte[] fields(String... fields) {
		ByteArrayOutputStream section = section();
		for (int i = 0; i < fields.length; i += 2) {
			field(section, fields[i], fields[i + 1]);
		}
		return frame(HEADERS, section.toByteArray());
	}

	private static ByteArrayOutputStream section() {
		ByteArrayOutputStream section = new ByteArrayOutputStream();
		// Required Insert Count and Base, both 0: no dynamic table (RFC 9204 section
		// 4.5.1).
		section.write(0);
		section.write(0);
		return section;
	}

	/**
	 * Put one after the other.
	 * @param first what comes first
	 * @param second what follows
	 * @return both
	 */
	public static byte[] concat(byte[] first, byte[] second) {
		byte[] both = new byte[first.length + second.length];
		System.arraycopy(first, 0, both, 0, first.length);
		System.arraycopy(second, 0, both, first.length, second.length);
		return both;
	}

	/**
	 * Write a literal field line with a literal name, without Huffman coding (RFC 9204
	 * section 4.5.6).
	 */
	private static void field(ByteArrayOutputStream out, String name, String value) {
		string(out, 0b0010_0000, 3, name);
		string(out, 0, 7, value);
	}

	private static void string(ByteArrayOutputStream out, int flags, int prefixBits, String text) {
		byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
		int max = (1 << prefixBits) - 1;
		int length = bytes.length;
		out.write(flags | Math.min(length, max));
		if (length >= max) {
			length -= max;
			while (length >= 128) {
				out.write(length & 127 | 128);
				length >>>= 7;
			}
			out.write(length);
		}
		out.writeBytes(bytes);
	}

}
