package io.github.http3spring.context;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Sinks;
import reactor.netty.channel.AbortedException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EventStreamEnd}.
 */
class EventStreamEndTests {

	private final Sinks.Empty<Void> shutdown = Sinks.empty();

	private final EmbeddedChannel channel = new EmbeddedChannel(new EventStreamEnd(this.shutdown.asMono()));

	@AfterEach
	void closeChannel() {
		this.channel.finishAndReleaseAll();
	}

	@ParameterizedTest
	@ValueSource(strings = { "data:1\n\n", "data:1\r\n\r\n", "data:1\r\r", "\n\n", ":\n\n" })
	void streamEndsAtOnceBetweenTwoEvents(String event) {
		writeHeaders();
		write(event);
		assertThat(outbound()).isEqualTo(event);
		shutDown();
		assertThat(outbound()).isEqualTo("END");
	}

	@ParameterizedTest
	@ValueSource(strings = { "data:1", "data:1\n", "data:1\r\n", "data:1\n\ndata" })
	void streamGoesOnUntilTheEventIsWhole(String start) {
		writeHeaders();
		write(start);
		shutDown();
		assertThat(outbound()).isEqualTo(start);
		write("x");
		assertThat(outbound()).isEqualTo("x");
		write("\n");
		write("\n");
		assertThat(outbound()).isEqualTo("\n\nEND");
	}

	@Test
	void streamThatBeginsLaterEndsAfterItsHeader() {
		shutDown();
		assertThat(outbound()).isEmpty();
		writeHeaders();
		assertThat(outbound()).isEqualTo("END");
	}

	@Test
	void whatIsWrittenAfterTheEndIsReleasedAndFails() {
		writeHeaders();
		shutDown();
		ByteBuf late = Unpooled.copiedBuffer("late", StandardCharsets.UTF_8);
		ChannelFuture written = this.channel.writeOneOutbound(late);
		assertThat(written.cause()).isInstanceOf(AbortedException.class);
		assertThat(late.refCnt()).isZero();
		assertThat(outbound()).isEqualTo("END");
	}

	@Test
	void streamThatHasEndedByItselfEndsOnce() {
		writeHeaders();
		this.channel.writeOneOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
		shutDown();
		assertThat(outbound()).isEqualTo("END");
	}

	@Test
	void streamThatIsClosedHearsOfNoShutdown() {
		assertThat(this.shutdown.currentSubscriberCount()).isOne();
		this.channel.close();
		this.channel.runPendingTasks();
		assertThat(this.shutdown.currentSubscriberCount()).isZero();
	}

	private void shutDown() {
		this.shutdown.tryEmitEmpty();
		this.channel.runPendingTasks();
	}

	private void writeHeaders() {
		this.channel.writeOneOutbound(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
		this.channel.flushOutbound();
		DefaultHttpResponse header = this.channel.readOutbound();
		assertThat(header.status()).isEqualTo(HttpResponseStatus.OK);
	}

	private void write(String text) {
		this.channel.writeOneOutbound(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
	}

	/**
	 * Return what was written, with the end of the response as a word.
	 */
	private String outbound() {
		this.channel.flushOutbound();
		StringBuilder text = new StringBuilder();
		for (Object msg = this.channel.readOutbound(); msg != null; msg = this.channel.readOutbound()) {
			if (msg instanceof ByteBuf buffer) {
				text.append(buffer.toString(StandardCharsets.UTF_8));
				buffer.release();
			}
			else {
				text.append("END");
			}
		}
		return text.toString();
	}

}
