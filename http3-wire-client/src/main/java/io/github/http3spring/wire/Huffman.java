package io.github.http3spring.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Decodes the Huffman code of header fields (RFC 7541 section 5.2). The code is
 * canonical, so the lengths of its words, by octet, are all there is to know about it.
 */
final class Huffman {

	/** The lengths in bits from RFC 7541 appendix B, the last is EOS. */
	private static final byte[] LENGTHS = { 13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28,
			28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
			5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
			7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5,
			6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24,
			24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24,
			21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22,
			25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24,
			20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27,
			27, 27, 26, 30 };

	private static final int EOS = 256;

	private static final int MAX_LENGTH = 30;

	/** Octets in the order of their code words. */
	private static final int[] SYMBOLS = new int[LENGTHS.length];

	/** By length: the first code word, how many there are, where they are in SYMBOLS. */
	private static final int[] FIRST = new int[MAX_LENGTH + 1];

	private static final int[] COUNT = new int[MAX_LENGTH + 1];

	private static final int[] OFFSET = new int[MAX_LENGTH + 1];

	static {
		int next = 0;
		int code = 0;
		for (int length = 1; length <= MAX_LENGTH; length++) {
			code <<= 1;
			FIRST[length] = code;
			OFFSET[length] = next;
			for (int symbol = 0; symbol < LENGTHS.length; symbol++) {
				if (LENGTHS[symbol] == length) {
					SYMBOLS[next++] = symbol;
				}
			}
			COUNT[length] = next - OFFSET[length];
			code += COUNT[length];
		}
	}

	private Huffman() {
	}

	static String decode(byte[] bytes, int from, int length) {
		ByteArrayOutputStream out = new ByteArrayOutputStream(length * 2);
		int code = 0;
		int bits = 0;
		for (int i = from * 8; i < (from + length) * 8; i++) {
			code = code << 1 | bytes[i / 8] >> (7 - i % 8) & 1;
			bits++;
			if (bits > MAX_LENGTH) {
				throw new IllegalStateException("No such Huffman code word");
			}
			int index = code - FIRST[bits];
			if (index >= 0 && index < COUNT[bits]) {
				int symbol = SYMBOLS[OFFSET[bits] + index];
				if (symbol == EOS) {
					throw new IllegalStateException("EOS in a Huffman coded string");
				}
				out.write(symbol);
				code = 0;
				bits = 0;
			}
		}
		if (bits > 7 || code != (1 << bits) - 1) {
			throw new IllegalStateException("Wrong padding of a Huffman coded string");
		}
		return out.toString(StandardCharsets.ISO_8859_1);
	}

}
