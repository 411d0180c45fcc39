package io.github.http3spring.netty.request;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GatheredWrites}.
 */
class GatheredWritesTests {

	private final EmbeddedChannel channel = new EmbeddedChannel();

	private final GatheredWrites writes = new GatheredWrites();

	@AfterEach
	void close() {
		this.channel.finishAndReleaseAll();
	}

	@Test
	void contentThatFitsBehindTheHeaderSectionNeedsNoBufferOfItsOwn() {
		ByteBuf headers = buffer("headers ", 64);
		ByteBuf content = buffer("content", 7);
		this.writes.add(headers, this.channel.newPromise());
		this.writes.add(content, this.channel.newPromise());
		ByteBuf gathered = removeAll();
		assertThat(gathered).isSameAs(headers);
		assertThat(text(gathered)).isEqualTo("headers content");
		assertThat(content.refCnt()).isZero();
		gathered.release();
	}

	@Test
	void contentThatDoesNotFitIsNotCopied() {
		ByteBuf headers = buffer("headers ", 10);
		ByteBuf content = buffer("content", 7);
		this.writes.add(headers, this.channel.newPromise());
		this.writes.add(content, this.channel.newPromise());
		this.writes.add(buffer(" and more", 9), this.channel.newPromise());
		ByteBuf gathered = removeAll();
		assertThat(gathered).isInstanceOf(CompositeByteBuf.class);
		assertThat(text(gathered)).isEqualTo("headers content and more");
		assertThat(content.refCnt()).isOne();
		gathered.release();
		assertThat(content.refCnt()).isZero();
	}

	@Test
	void bufferOfTheApplicationIsLeftAlone() {
		this.writes.add(buffer("headers ", 8), this.channel.newPromise());
		removeAll().release();
		ByteBuf shared = buffer("shared", 64);
		this.writes.add(shared.retainedDuplicate(), this.channel.newPromise());
		this.writes.add(buffer(" content", 8), this.channel.newPromise());
		ByteBuf gathered = removeAll();
		assertThat(text(gathered)).isEqualTo("shared content");
		assertThat(shared.getByte(shared.writerIndex())).isZero();
		gathered.release();
		assertThat(shared.release()).isTrue();
	}

	@Test
	void everyPromiseIsKeptWhenWhatWasGatheredHasLeft() {
		ChannelPromise first = this.channel.newPromise();
		ChannelPromise second = this.channel.newPromise();
		this.writes.add(buffer("headers ", 64), first);
		this.writes.add(buffer("content", 7), second);
		ChannelPromise written = this.channel.newPromise();
		this.writes.take(UnpooledByteBufAllocator.DEFAULT, Integer.MAX_VALUE, written).release();
		assertThat(first.isDone()).isFalse();
		written.setSuccess();
		assertThat(first.isSuccess()).isTrue();
		assertThat(second.isSuccess()).isTrue();
	}

	@Test
	void nothingIsNoBytes() {
		assertThat(removeAll()).isSameAs(Unpooled.EMPTY_BUFFER);
	}

	private ByteBuf removeAll() {
		return this.writes.take(UnpooledByteBufAllocator.DEFAULT, Integer.MAX_VALUE, this.channel.newPromise());
	}

	private static ByteBuf buffer(String text, int capacity) {
		return Unpooled.directBuffer(capacity, capacity).writeBytes(text.getBytes(StandardCharsets.US_ASCII));
	}

	private static String text(ByteBuf buffer) {
		return buffer.toString(StandardCharsets.US_ASCII);
	}

}
