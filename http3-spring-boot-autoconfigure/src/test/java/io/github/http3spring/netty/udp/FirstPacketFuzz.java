package io.github.http3spring.netty.udp;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

import io.github.http3spring.fuzz.FuzzInput;
import io.github.http3spring.netty.routing.ConnectionIdLayout;
import io.github.http3spring.netty.settings.QuicSettings.AddressValidation;
import io.github.http3spring.netty.tls.Hmac;
import io.github.http3spring.netty.tls.StatelessReset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Datagrams of anybody on their way to the codec, through all handlers that look at them
 * while no connection is there. None of them may fail, keep a buffer, change what it
 * passes on, or send more than three times what has arrived (RFC 9000 section 8.1).
 */
public final class FirstPacketFuzz {

	private static final InetSocketAddress SERVER = new InetSocketAddress("127.0.0.1", 443);

	private static final InetSocketAddress CLIENT = new InetSocketAddress("127.0.0.1", 4433);

	private static final ConnectionIdLayout IDS = ConnectionIdLayout.create(null);

	private static final StatelessReset RESET = new StatelessReset("a key that is long enough for a server");

	/**
	 * So that an index that is not relative to the beginning of a datagram is found.
	 */
	private static final int OFFSET = 3;

	private FirstPacketFuzz() {
	}

	/**
	 * Take datagrams: a byte of options, then for each datagram the number of 64 bytes
	 * that it is padded to, its length and its bytes.
	 */
	public static void run(byte[] bytes) {
		FuzzInput input = new FuzzInput(bytes);
		int options = input.next();
		AddressValidator validator = new AddressValidator(AddressValidation.NEVER, Hmac.withRandomKey(), () -> 0,
				System::nanoTime);
		validator.maxTokenLength();
		KnownIds admission = new KnownIds((options & 1) != 0);
		EmbeddedChannel channel = new EmbeddedChannel(new AmplificationLimit(), new ClosingPeriods(IDS.length()),
				new StatelessResetHandler(RESET, IDS), new FirstPacketHandler(admission, validator));
		while (input.hasMore()) {
			int size = 64 * input.next();
			byte[] datagram = input.nextBytes();
			read(channel, datagram, Math.max(size, datagram.length), ((options & 2) != 0) ? admission : null);
		}
		channel.finishAndReleaseAll();
	}

	private static void read(EmbeddedChannel channel, byte[] datagram, int size, @Nullable KnownIds admission) {
		ByteBuf content = Unpooled.buffer(OFFSET + size).writeZero(OFFSET).writeBytes(datagram);
		content.writeZero(size - datagram.length).readerIndex(OFFSET);
		byte[] before = ByteBufUtil.getBytes(content);
		checkHeader(content, admission);
		channel.writeInbound(new DatagramPacket(content, SERVER, CLIENT));
		channel.checkException();
		int sent = 0;
		for (DatagramPacket answer = channel.readOutbound(); answer != null; answer = channel.readOutbound()) {
			checkAnswer(before, answer.content());
			sent += answer.content().readableBytes();
			answer.release();
		}
		assertThat(sent).isLessThanOrEqualTo(3 * size);
		DatagramPacket passed = channel.readInbound();
		if (passed != null) {
			// For Retry the codec gets no more than the header
			byte[] after = ByteBufUtil.getBytes(passed.content());
			assertThat(sent).isZero();
			assertThat(after.length).isLessThanOrEqualTo(size);
			assertThat(Arrays.mismatch(after, before)).isIn(-1, after.length - 1, after.length);
			passed.release();
			assertThat(channel.<Object>readInbound()).isNull();
		}
		assertThat(content.refCnt()).isZero();
	}

	/**
	 * The ways to read a header must not contradict each other.
	 */
	private static void checkHeader(ByteBuf datagram, @Nullable KnownIds admission) {
		if (!PacketHeader.isLong(datagram)) {
			return;
		}
		ByteBuffer id = PacketHeader.destinationId(datagram);
		ByteBuffer copy = PacketHeader.newIdBuffer();
		assertThat(PacketHeader.copyDestinationId(datagram, IDS.length(), copy)).isEqualTo(id != null);
		PacketHeader header = PacketHeader.read(datagram);
		assertThat(datagram.readerIndex()).isEqualTo(OFFSET);
		if (id != null) {
			assertThat(copy).isEqualTo(id);
		}
		if (header != null) {
			assertThat(header.destinationId()).isEqualTo(id);
			if (header.initial()) {
				assertThat(PacketHeader.mayOpenConnection(datagram)).isTrue();
				if (admission != null) {
					admission.known.add(header.destinationId().duplicate());
				}
			}
		}
	}

	/**
	 * An answer is for whoever has asked, or a stateless reset, which is shorter than
	 * what it answers (RFC 9000 section 10.3.3).
	 */
	private static void checkAnswer(byte[] asked, ByteBuf answer) {
		if (!PacketHeader.isLong(answer)) {
			assertThat(answer.readableBytes()).isLessThan(asked.length);
			return;
		}
		PacketHeader question = PacketHeader.read(Unpooled.wrappedBuffer(asked));
		PacketHeader header = PacketHeader.read(answer);
		assertThat(header).isNotNull();
		assertThat(question).isNotNull();
		assertThat(header.destinationId()).isEqualTo(question.sourceId());
		assertThat(header.sourceId()).isEqualTo(question.destinationId());
	}

	/**
	 * Admits connections or not, and knows some of them already.
	 */
	private static final class KnownIds implements Admission {

		private final Set<ByteBuffer> known = new HashSet<>();

		private final boolean admits;

		KnownIds(boolean admits) {
			this.admits = admits;
		}

		@Override
		public boolean isKnown(ByteBuffer connectionId) {
			return this.known.contains(connectionId);
		}

		@Override
		public boolean admits() {
			return this.admits;
		}

		@Override
		public void refused(ByteBuffer connectionId, InetSocketAddress client) {
			assertThat(connectionId.remaining()).isLessThanOrEqualTo(20);
		}

	}

}
