package io.github.http3spring.development;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Encodes the few types of ASN.1 that a certificate is made of, by the distinguished
 * encoding rules (X.690). The JDK has no public way to make a certificate.
 */
final class Der {

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'")
		.withZone(ZoneOffset.UTC);

	private static final int LONG_LENGTH = 0x80;

	private Der() {
	}

	static byte[] sequence(byte[]... elements) {
		return value(0x30, elements);
	}

	static byte[] set(byte[]... elements) {
		return value(0x31, elements);
	}

	static byte[] bool(boolean value) {
		return value(0x01, new byte[] { (byte) (value ? 0xff : 0) });
	}

	static byte[] integer(BigInteger value) {
		return value(0x02, value.toByteArray());
	}

	/**
	 * Encode bits.
	 * @param unused the number of bits of the last byte that are none
	 * @param bytes the bits
	 */
	static byte[] bitString(int unused, byte... bytes) {
		return value(0x03, new byte[] { (byte) unused }, bytes);
	}

	static byte[] octetString(byte[]... content) {
		return value(0x04, content);
	}

	/**
	 * Encode an object identifier, like "2.5.29.17".
	 */
	static byte[] objectIdentifier(String identifier) {
		String[] arcs = identifier.split("\\.");
		ByteArrayOutputStream content = new ByteArrayOutputStream();
		// The first two arcs share a byte
		content.write(Integer.parseInt(arcs[0]) * 40 + Integer.parseInt(arcs[1]));
		for (int i = 2; i < arcs.length; i++) {
			int arc = Integer.parseInt(arcs[i]);
			for (int shift = 28; shift > 0; shift -= 7) {
				if (arc >> shift > 0) {
					content.write(0x80 | (arc >> shift) & 0x7f);
				}
			}
			content.write(arc & 0x7f);
		}
		return value(0x06, content.toByteArray());
	}

	static byte[] utf8String(String text) {
		return value(0x0c, text.getBytes(StandardCharsets.UTF_8));
	}

	static byte[] generalizedTime(Instant time) {
		return value(0x18, TIME.format(time).getBytes(StandardCharsets.US_ASCII));
	}

	/**
	 * Encode a value whose type is known from its context.
	 * @param number the number of the type
	 * @param content its content
	 */
	static byte[] contextSpecific(int number, byte... content) {
		return value(0x80 | number, content);
	}

	/**
	 * Encode an element whose type is known from its context, and which contains another.
	 */
	static byte[] explicit(int number, byte[] element) {
		return value(0xa0 | number, element);
	}

	private static byte[] value(int tag, byte[]... contents) {
		ByteArrayOutputStream content = new ByteArrayOutputStream();
		for (byte[] part : contents) {
			content.writeBytes(part);
		}
		ByteArrayOutputStream value = new ByteArrayOutputStream();
		value.write(tag);
		if (content.size() < LONG_LENGTH) {
			value.write(content.size());
		}
		else {
			byte[] length = BigInteger.valueOf(content.size()).toByteArray();
			int start = (length[0] == 0) ? 1 : 0;
			value.write(LONG_LENGTH | (length.length - start));
			value.write(length, start, length.length - start);
		}
		value.writeBytes(content.toByteArray());
		return value.toByteArray();
	}

}
