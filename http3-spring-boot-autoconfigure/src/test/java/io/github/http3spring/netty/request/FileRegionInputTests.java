package io.github.http3spring.netty.request;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

import io.github.http3spring.wire.BodyPattern;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.DefaultFileRegion;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link FileRegionInput}.
 */
class FileRegionInputTests {

	private static final int SIZE = 200_000;

	@TempDir
	Path directory;

	private byte[] content;

	private FileChannel file;

	@BeforeEach
	void createFile() throws IOException {
		this.content = BodyPattern.bytes(SIZE);
		this.file = FileChannel.open(Files.write(this.directory.resolve("file"), this.content));
	}

	@Test
	void wholeFileIsReadInPieces() throws IOException {
		FileRegionInput input = input(0, SIZE);
		ByteBuf first = input.readChunk(UnpooledByteBufAllocator.DEFAULT);
		assertThat(first.readableBytes()).isEqualTo(64 * 1024);
		assertThat(input.progress()).isEqualTo(64 * 1024);
		assertThat(input.isEndOfInput()).isFalse();
		ByteBuf all = Unpooled.wrappedBuffer(first, read(input));
		assertThat(all).isEqualTo(Unpooled.wrappedBuffer(this.content));
		assertThat(input.length()).isEqualTo(SIZE);
		all.release();
	}

	@Test
	void partOfAFileIsRead() throws IOException {
		ByteBuf part = read(input(100_001, 70_000));
		assertThat(part).isEqualTo(Unpooled.wrappedBuffer(this.content, 100_001, 70_000));
		part.release();
	}

	@Test
	void emptyPartIsAtItsEnd() throws IOException {
		FileRegionInput input = input(5, 0);
		ByteBuf chunk = input.readChunk(UnpooledByteBufAllocator.DEFAULT);
		assertThat(input.isEndOfInput()).isTrue();
		assertThat(chunk.isReadable()).isFalse();
		chunk.release();
	}

	@Test
	void fileThatHasBecomeShorterIsAnError() {
		FileRegionInput input = input(SIZE - 10, 20);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> read(input))
			.isInstanceOfAny(EOFException.class, IOException.class);
		assertThat(input.isEndOfInput()).isFalse();
	}

	@Test
	void closeClosesTheFile() {
		FileRegionInput input = input(0, 10);
		assertThat(this.file.isOpen()).isTrue();
		input.close();
		assertThat(this.file.isOpen()).isFalse();
	}

	@Test
	void secondCloseChangesNothing() {
		DefaultFileRegion region = new DefaultFileRegion(this.file, 0, 10);
		region.retain();
		FileRegionInput input = new FileRegionInput(region);
		input.close();
		input.close();
		assertThat(region.refCnt()).isOne();
		region.release();
	}

	private FileRegionInput input(long position, long count) {
		return new FileRegionInput(new DefaultFileRegion(this.file, position, count));
	}

	private static ByteBuf read(FileRegionInput input) throws IOException {
		ByteBuf all = Unpooled.buffer();
		while (!input.isEndOfInput()) {
			ByteBuf chunk = input.readChunk(UnpooledByteBufAllocator.DEFAULT);
			all.writeBytes(chunk);
			chunk.release();
		}
		return all;
	}

}
