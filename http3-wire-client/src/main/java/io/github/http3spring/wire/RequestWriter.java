package io.github.http3spring.wire;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.incubator.codec.quic.DefaultQuicStreamFrame;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import org.jspecify.annotations.Nullable;

/**
 * Writes the parts of a request in order, each when QUIC's flow control has taken the one
 * before. Confined to the connection's event loop.
 */
final class RequestWriter {

	/** Enough repetitions of the pattern for a chunk that starts anywhere in it. */
	private static final byte[] PATTERN = BodyPattern.bytes(BodyPattern.LENGTH * 67);

	private static final int CHUNK = PATTERN.length - BodyPattern.LENGTH;

	private final Deque<Part> parts = new ArrayDeque<>();

	private @Nullable QuicStreamChannel channel;

	private @Nullable Throwable failure;

	private boolean pumping;

	private boolean finished;

	void attach(QuicStreamChannel channel) {
		this.channel = channel;
		pump();
	}

	void bytes(byte[] bytes, boolean fin, CompletableFuture<Void> done) {
		add(new Part(bytes, 0, fin, done));
	}

	void pattern(long size, CompletableFuture<Void> done) {
		add(new Part(new byte[0], size, false, done));
	}

	private void add(Part part) {
		if (this.failure != null) {
			part.done.completeExceptionally(this.failure);
			return;
		}
		this.parts.add(part);
		pump();
	}

	/**
	 * Write as much as flow control takes.
	 */
	void pump() {
		QuicStreamChannel channel = this.channel;
		// A write may change the writability, which calls us again.
		if (channel == null || this.pumping) {
			return;
		}
		this.pumping = true;
		try {
			while (channel.isWritable() && !this.parts.isEmpty()) {
				writeNext(channel, this.parts.element());
			}
		}
		finally {
			this.pumping = false;
		}
	}

	private void writeNext(QuicStreamChannel channel, Part part) {
		ByteBuf buffer = part.nextBytes(channel);
		boolean last = part.patternLeft() == 0;
		if (last) {
			this.parts.remove();
		}
		// Not shutdownOutput(): it overtakes queued writes.
		boolean fin = last && part.fin;
		this.finished |= fin;
		channel.writeAndFlush(fin ? new DefaultQuicStreamFrame(buffer, true) : buffer).addListener((future) -> {
			if (!future.isSuccess()) {
				part.done.completeExceptionally(future.cause());
				fail(future.cause());
			}
			else if (last) {
				part.done.complete(null);
			}
		});
	}

	void fail(Throwable cause) {
		if (this.failure == null) {
			this.failure = cause;
		}
		this.parts.forEach((part) -> part.done.completeExceptionally(cause));
		this.parts.clear();
	}

	boolean isFinished() {
		return this.finished;
	}

	/**
	 * Some bytes, or that many bytes of the pattern as DATA frames.
	 */
	private static final class Part {

		private final byte[] bytes;

		private final long patternSize;

		private final boolean fin;

		private final CompletableFuture<Void> done;

		private long written;

		Part(byte[] bytes, long patternSize, boolean fin, CompletableFuture<Void> done) {
			this.bytes = bytes;
			this.patternSize = patternSize;
			this.fin = fin;
			this.done = done;
		}

		long patternLeft() {
			return this.patternSize - this.written;
		}

		ByteBuf nextBytes(QuicStreamChannel channel) {
			if (this.patternSize == 0) {
				return (this.bytes.length == 0) ? Unpooled.EMPTY_BUFFER
						: channel.alloc().directBuffer(this.bytes.length).writeBytes(this.bytes);
			}
			int length = (int) Math.min(patternLeft(), CHUNK);
			byte[] header = Http3Frames.frameHeader(Http3Frames.DATA, length);
			ByteBuf buffer = channel.alloc().directBuffer(header.length + length);
			buffer.writeBytes(header).writeBytes(PATTERN, (int) (this.written % BodyPattern.LENGTH), length);
			this.written += length;
			return buffer;
		}

	}

}
