package io.github.http3spring.netty.request;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.FileRegion;
import io.netty.handler.stream.ChunkedInput;

/**
 * Reads a part of a file in pieces, for a response that is to be sent from it: TLS of a
 * QUIC stream is not the kernel's, so that there is no way around memory.
 */
final class FileRegionInput implements ChunkedInput<ByteBuf> {

	private static final int CHUNK_SIZE = 64 * 1024;

	private final FileRegion region;

	private boolean closed;

	FileRegionInput(FileRegion region) {
		this.region = region;
	}

	@Override
	public ByteBuf readChunk(ByteBufAllocator allocator) throws IOException {
		int length = (int) Math.min(CHUNK_SIZE, this.region.count() - this.region.transferred());
		ByteBuf chunk = allocator.directBuffer(length, length);
		try {
			this.region.transferTo(new BufferChannel(chunk), this.region.transferred());
			if (length > 0 && !chunk.isReadable()) {
				throw new EOFException("The file has become shorter");
			}
			return chunk;
		}
		catch (IOException | RuntimeException ex) {
			chunk.release();
			throw ex;
		}
	}

	@Override
	@Deprecated
	public ByteBuf readChunk(ChannelHandlerContext ctx) throws IOException {
		return readChunk(ctx.alloc());
	}

	@Override
	public boolean isEndOfInput() {
		return this.region.transferred() >= this.region.count();
	}

	@Override
	public long length() {
		return this.region.count();
	}

	@Override
	public long progress() {
		return this.region.transferred();
	}

	/**
	 * Release the file. Netty closes an input once for each of its pieces that could not
	 * be sent.
	 */
	@Override
	public void close() {
		if (!this.closed) {
			this.closed = true;
			this.region.release();
		}
	}

	/**
	 * Channel into a buffer, until that is full.
	 */
	private record BufferChannel(ByteBuf buffer) implements WritableByteChannel {

		@Override
		public int write(ByteBuffer source) {
			int length = Math.min(source.remaining(), this.buffer.writableBytes());
			this.buffer.writeBytes(source.duplicate().limit(source.position() + length));
			source.position(source.position() + length);
			return length;
		}

		@Override
		public boolean isOpen() {
			return true;
		}

		@Override
		public void close() {
			// Nothing to close
		}

	}

}
