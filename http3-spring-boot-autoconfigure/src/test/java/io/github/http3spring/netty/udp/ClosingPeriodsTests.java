package io.github.http3spring.netty.udp;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what {@link ClosingPeriods} repeats.
 */
class ClosingPeriodsTests {

	private static final InetSocketAddress PEER = new InetSocketAddress("127.0.0.1", 4433);

	private static final Duration PERIOD = Duration.ofMillis(300);

	private final ClosingPeriods closingPeriods = new ClosingPeriods(20);

	private final EmbeddedChannel channel = new EmbeddedChannel(this.closingPeriods);

	@Test
	void lastDatagramOfACloseIsRepeated() {
		close(true, packet("data"), packet("close"));
		assertThat(sent()).containsExactly("data", "close");
		elapse();
		assertThat(sent()).containsExactly("close");
	}

	@Test
	void lastSegmentOfACloseIsRepeatedAsADatagram() {
		close(true, segments(4, "data", "more", "end"));
		assertThat(sent()).containsExactly("datamoreend");
		elapse();
		assertThat(sent()).containsExactly("end");
	}

	@Test
	void emptyDatagramBehindACloseIsNotTakenForIt() {
		close(true, packet("close"), packet(""));
		assertThat(sent()).containsExactly("close", "");
		elapse();
		assertThat(sent()).containsExactly("close");
	}

	@Test
	void packetsOneTwoAndFourAreAnswered() {
		close(true, packet("a".repeat(1000)));
		assertThat(sent()).hasSize(1);
		List<Integer> answers = new ArrayList<>();
		for (int number = 0; number < 5; number++) {
			receive(PEER, 21);
			answers.add(sent().size());
		}
		assertThat(answers).containsExactly(1, 1, 0, 1, 0);
	}

	@Test
	void clientThatMayNotOwnItsAddressIsSentNothingUnaskedAndNoMoreThanThreeTimesWhatItSent() {
		close(false, packet("x".repeat(66)));
		assertThat(sent()).hasSize(1);
		elapse();
		assertThat(sent()).isEmpty();
		receive(PEER, 21);
		assertThat(sent()).isEmpty();
		receive(PEER, 22);
		assertThat(sent()).containsExactly("x".repeat(66));
	}

	@Test
	void otherAddressThanThatOfTheConnectionIsSentNoMoreThanThreeTimesWhatCameFromThere() {
		close(true, packet("x".repeat(66)));
		assertThat(sent()).hasSize(1);
		receive(new InetSocketAddress("127.0.0.1", 1), 21);
		assertThat(sent()).isEmpty();
		receive(PEER, 21);
		assertThat(sent()).containsExactly("x".repeat(66));
	}

	private void receive(InetSocketAddress sender, int length) {
		ByteBuf packet = Unpooled.buffer(length).writeByte(0x40).writeBytes(id());
		packet.writeZero(length - packet.readableBytes());
		this.channel.writeInbound(new DatagramPacket(packet, PEER, sender));
		assertThat(this.channel.<Object>readInbound()).isNull();
	}

	private static ByteBuffer id() {
		return ByteBuffer.wrap("twenty bytes of id..".getBytes());
	}

	private void close(boolean validated, DatagramPacket... packets) {
		this.channel.freezeTime();
		this.closingPeriods.close(Set.of(id()), validated, () -> {
			for (DatagramPacket packet : packets) {
				ChannelPromise promise = this.channel.newPromise();
				this.channel.pipeline().write(packet, promise);
			}
			this.channel.flush();
		}, PERIOD, () -> {
		});
	}

	private void elapse() {
		this.channel.advanceTimeBy(PERIOD.toMillis() / 3, TimeUnit.MILLISECONDS);
		this.channel.runScheduledPendingTasks();
	}

	/**
	 * Return the contents of all packets that were sent since the last time.
	 */
	private List<String> sent() {
		List<String> contents = new ArrayList<>();
		for (DatagramPacket packet = this.channel.readOutbound(); packet != null; packet = this.channel
			.readOutbound()) {
			assertThat(packet.recipient()).isEqualTo(PEER);
			contents.add(packet.content().toString(StandardCharsets.US_ASCII));
			packet.release();
		}
		return contents;
	}

	private static DatagramPacket packet(String content) {
		return new DatagramPacket(Unpooled.wrappedBuffer(content.getBytes()), PEER);
	}

	private static DatagramPacket segments(int size, String... contents) {
		ByteBuf[] buffers = Stream.of(contents)
			.map((content) -> Unpooled.wrappedBuffer(content.getBytes()))
			.toArray(ByteBuf[]::new);
		return new SegmentedDatagramPacket(Unpooled.wrappedBuffer(buffers), size, PEER);
	}

}
