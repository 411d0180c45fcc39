package io.github.http3spring.wire;

import io.netty.buffer.ByteBuf;

/**
 * Cuts the bytes of a stream into frames (RFC 9114 section 7.1); the content of DATA is
 * passed on as it arrives, other frames when they are complete. Not thread-safe.
 */
final class FrameReader {

	private static final int MAX_FRAME = 1 << 20;

	private final Sink sink;

	private State state = State.TYPE;

	private int integerBytesLeft;

	private long integer;

	private long type;

	private long payloadLeft;

	private byte[] payload = {};

	private int payloadRead;

	FrameReader(Sink sink) {
		this.sink = sink;
	}

	void read(ByteBuf in) {
		while (in.isReadable()) {
			switch (this.state) {
				case TYPE -> {
					if (readInteger(in)) {
						this.type = this.integer;
						this.state = State.LENGTH;
					}
				}
				case LENGTH -> {
					if (readInteger(in)) {
						startPayload(this.integer);
					}
				}
				case DATA -> {
					int length = (int) Math.min(in.readableBytes(), this.payloadLeft);
					this.payloadLeft -= length;
					this.state = (this.payloadLeft == 0) ? State.TYPE : State.DATA;
					this.sink.data(in.readSlice(length));
				}
				case OTHER -> {
					int length = Math.min(in.readableBytes(), this.payload.length - this.payloadRead);
					in.readBytes(this.payload, this.payloadRead, length);
					this.payloadRead += length;
					completeIfAllRead();
				}
			}
		}
	}

	private void startPayload(long length) {
		if (this.type == Http3Frames.DATA) {
			this.payloadLeft = length;
			this.state = (length == 0) ? State.TYPE : State.DATA;
			return;
		}
		if (length > MAX_FRAME) {
			throw new IllegalStateException("Frame of type 0x%x has %d bytes".formatted(this.type, length));
		}
		this.payload = new byte[(int) length];
		this.payloadRead = 0;
		this.state = State.OTHER;
		completeIfAllRead();
	}

	private void completeIfAllRead() {
		if (this.payloadRead == this.payload.length) {
			this.state = State.TYPE;
			this.sink.frame(this.type, this.payload);
		}
	}

	private boolean readInteger(ByteBuf in) {
		if (this.integerBytesLeft == 0) {
			int first = in.readUnsignedByte();
			this.integerBytesLeft = (1 << (first >> 6)) - 1;
			this.integer = first & 0x3f;
		}
		while (this.integerBytesLeft > 0 && in.isReadable()) {
			this.integer = this.integer << 8 | in.readUnsignedByte();
			this.integerBytesLeft--;
		}
		return this.integerBytesLeft == 0;
	}

	/**
	 * Read one variable-length integer (RFC 9000 section 16).
	 */
	static long integer(ByteBuf in) {
		int first = in.readUnsignedByte();
		long value = first & 0x3f;
		for (int left = (1 << (first >> 6)) - 1; left > 0; left--) {
			value = value << 8 | in.readUnsignedByte();
		}
		return value;
	}

	private enum State {

		TYPE, LENGTH, DATA, OTHER

	}

	/**
	 * Takes the frames.
	 */
	interface Sink {

		void data(ByteBuf part);

		void frame(long type, byte[] payload);

	}

}
