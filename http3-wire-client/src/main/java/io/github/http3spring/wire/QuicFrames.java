package io.github.http3spring.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * Encodes QUIC frames (RFC 9000 section 19), to be sent by a {@link RawConnection} where,
 * when and as often as a test wants to.
 */
public final class QuicFrames {

	/** PING. */
	public static final byte[] PING = { 0x01 };

	private static final int STREAM = 0x08;

	private static final int OFFSET = 0x04;

	private static final int LENGTH = 0x02;

	private static final int FIN = 0x01;

	private static final int TRANSPORT_CLOSE = 0x1c;

	private static final int APPLICATION_CLOSE = 0x1d;

	private QuicFrames() {
	}

	/**
	 * Encode a STREAM frame.
	 * @param streamId the stream
	 * @param offset where the bytes belong in it
	 * @param bytes the bytes
	 * @param fin whether they are the last ones
	 * @return the frame
	 */
	public static byte[] stream(long streamId, long offset, byte[] bytes, boolean fin) {
		ByteArrayOutputStream frame = new ByteArrayOutputStream(bytes.length + 16);
		frame.write(STREAM | LENGTH | ((offset > 0) ? OFFSET : 0) | (fin ? FIN : 0));
		frame.writeBytes(Http3Frames.varint(streamId));
		if (offset > 0) {
			frame.writeBytes(Http3Frames.varint(offset));
		}
		frame.writeBytes(Http3Frames.varint(bytes.length));
		frame.writeBytes(bytes);
		return frame.toByteArray();
	}

	/**
	 * Encode a frame that is made of numbers alone.
	 * @param numbers type and fields
	 * @return the frame
	 */
	public static byte[] numbers(long... numbers) {
		ByteArrayOutputStream frame = new ByteArrayOutputStream(16);
		for (long number : numbers) {
			frame.writeBytes(Http3Frames.varint(number));
		}
		return frame.toByteArray();
	}

	/**
	 * Encode a PATH_CHALLENGE frame.
	 * @param data what is to come back
	 * @return the frame
	 */
	public static byte[] pathChallenge(long data) {
		return ByteBuffer.allocate(1 + Long.BYTES).put((byte) 0x1a).putLong(data).array();
	}

	/**
	 * Find CONNECTION_CLOSE among the frames of a packet.
	 * @param frames the frames
	 * @return the first one, {@code null} if there is none
	 */
	static @Nullable CloseFrame findClose(byte[] frames) {
		ByteBuffer buffer = ByteBuffer.wrap(frames);
		while (buffer.hasRemaining()) {
			int type = buffer.get();
			if (type == TRANSPORT_CLOSE || type == APPLICATION_CLOSE) {
				long code = varint(buffer);
				if (type == TRANSPORT_CLOSE) {
					varint(buffer);
				}
				byte[] reason = new byte[(int) varint(buffer)];
				buffer.get(reason);
				return new CloseFrame(type == APPLICATION_CLOSE, code, new String(reason, StandardCharsets.UTF_8));
			}
			skip(type, buffer);
		}
		return null;
	}

	private static void skip(int type, ByteBuffer buffer) {
		switch (type) {
			case 0x00, 0x01, 0x1e -> {
				// No fields
			}
			case 0x02, 0x03 -> skipAck(type, buffer);
			case 0x04 -> skipNumbers(3, buffer);
			case 0x05, 0x11, 0x15 -> skipNumbers(2, buffer);
			case 0x06 -> {
				varint(buffer);
				skipBytes(varint(buffer), buffer);
			}
			case 0x07 -> skipBytes(varint(buffer), buffer);
			case 0x10, 0x12, 0x13, 0x14, 0x16, 0x17, 0x19 -> varint(buffer);
			case 0x18 -> {
				skipNumbers(2, buffer);
				skipBytes(buffer.get() + 16L, buffer);
			}
			case 0x1a, 0x1b -> skipBytes(Long.BYTES, buffer);
			default -> skipStream(type, buffer);
		}
	}

	private static void skipAck(int type, ByteBuffer buffer) {
		skipNumbers(2, buffer);
		long ranges = varint(buffer);
		skipNumbers(1 + 2 * ranges + ((type == 0x03) ? 3 : 0), buffer);
	}

	private static void skipStream(int type, ByteBuffer buffer) {
		if ((type & ~0x07) != STREAM) {
			throw new IllegalArgumentException("Unknown frame 0x" + Integer.toHexString(type));
		}
		skipNumbers(((type & OFFSET) != 0) ? 2 : 1, buffer);
		skipBytes(((type & LENGTH) != 0) ? varint(buffer) : buffer.remaining(), buffer);
	}

	private static void skipNumbers(long count, ByteBuffer buffer) {
		for (long number = 0; number < count; number++) {
			varint(buffer);
		}
	}

	private static void skipBytes(long count, ByteBuffer buffer) {
		buffer.position(Math.toIntExact(buffer.position() + count));
	}

	private static long varint(ByteBuffer buffer) {
		int first = buffer.get() & 0xff;
		long value = first & 0x3f;
		for (int left = (1 << (first >> 6)) - 1; left > 0; left--) {
			value = value << 8 | buffer.get() & 0xff;
		}
		return value;
	}

}
