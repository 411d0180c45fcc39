package io.github.http3spring.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decodes an encoded field section (RFC 9204 section 4.5). We allow no dynamic table, so
 * a reference to one is an error of the server.
 */
final class FieldSection {

	private final byte[] bytes;

	private int position;

	private final Map<String, List<String>> fields = new LinkedHashMap<>();

	private FieldSection(byte[] bytes) {
		this.bytes = bytes;
	}

	static Map<String, List<String>> decode(byte[] bytes) {
		return new FieldSection(bytes).decode();
	}

	private Map<String, List<String>> decode() {
		if (integer(8) != 0) {
			throw new IllegalStateException("Field section needs the dynamic table");
		}
		integer(7);
		while (this.position < this.bytes.length) {
			int first = this.bytes[this.position] & 0xff;
			if ((first & 0b1100_0000) == 0b1100_0000) {
				int index = integer(6);
				add(StaticTable.name(index), StaticTable.value(index));
			}
			else if ((first & 0b1101_0000) == 0b0101_0000) {
				String name = StaticTable.name(integer(4));
				add(name, string(7));
			}
			else if ((first & 0b1110_0000) == 0b0010_0000) {
				String name = string(3);
				add(name, string(7));
			}
			else {
				throw new IllegalStateException("Field line refers to the dynamic table");
			}
		}
		return this.fields;
	}

	private void add(String name, String value) {
		this.fields.computeIfAbsent(name, (key) -> new ArrayList<>(1)).add(value);
	}

	/**
	 * Read a string whose length has a prefix of some bits, above which is the bit that
	 * tells whether it is Huffman coded.
	 */
	private String string(int prefixBits) {
		boolean huffman = (this.bytes[this.position] >> prefixBits & 1) == 1;
		int length = integer(prefixBits);
		int start = this.position;
		this.position += length;
		if (this.position > this.bytes.length) {
			throw new IllegalStateException("Field section is truncated");
		}
		return huffman ? Huffman.decode(this.bytes, start, length)
				: new String(this.bytes, start, length, StandardCharsets.ISO_8859_1);
	}

	private int integer(int prefixBits) {
		int max = (1 << prefixBits) - 1;
		int value = next() & max;
		if (value < max) {
			return value;
		}
		int octet;
		int shift = 0;
		do {
			octet = next();
			value += (octet & 127) << shift;
			shift += 7;
		}
		while ((octet & 128) != 0 && shift < 28);
		return value;
	}

	private int next() {
		if (this.position >= this.bytes.length) {
			throw new IllegalStateException("Field section is truncated");
		}
		return this.bytes[this.position++] & 0xff;
	}

}
