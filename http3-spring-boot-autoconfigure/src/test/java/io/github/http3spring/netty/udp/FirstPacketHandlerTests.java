package io.github.http3spring.netty.udp;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.http3spring.netty.settings.QuicSettings.AddressValidation;
import io.github.http3spring.netty.tls.Hmac;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.incubator.codec.quic.QuicTransportError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FirstPacketHandler}.
 */
class FirstPacketHandlerTests {

	private static final InetSocketAddress SERVER = new InetSocketAddress("127.0.0.1", 443);

	private static final InetSocketAddress CLIENT = new InetSocketAddress("127.0.0.1", 4433);

	private static final byte[] CLIENT_ID = { 9, 9, 9 };

	private final AddressValidator validator = new AddressValidator(AddressValidation.NEVER, Hmac.withRandomKey(),
			() -> 0, () -> this.nanos);

	private final FakeAdmission admission = new FakeAdmission();

	private final EmbeddedChannel channel = new EmbeddedChannel(new FirstPacketHandler(this.admission, this.validator));

	private long nanos = 1;

	FirstPacketHandlerTests() {
		// As the codec does
		this.validator.maxTokenLength();
	}

	@AfterEach
	void nothingIsLeft() {
		assertThat(this.channel.<Object>readInbound()).isNull();
		assertThat(this.channel.<Object>readOutbound()).isNull();
	}

	@Test
	void connectionThatIsAdmittedIsLeftToTheCodec() {
		assertThat(passed(initial(id(1)))).isEqualTo(initial(id(1)));
	}

	@Test
	void refusalIsTheAnswerToEachFirstPacketAndCountsOnce() {
		this.admission.admits = false;
		byte[] refusal = answer(initial(id(1)));
		assertThat(refusal)
			.isEqualTo(StatelessAnswer.close(header(initial(id(1))), QuicTransportError.CONNECTION_REFUSED));
		assertThat(answer(initial(id(1)))).isEqualTo(refusal);
		assertThat(this.admission.refused).containsExactly(CLIENT);
		answer(initial(id(2)));
		assertThat(this.admission.refused).hasSize(2);
	}

	@Test
	void handshakeThatIsUnderWayIsNotRefused() {
		this.admission.admits = false;
		this.admission.known.add(ByteBuffer.wrap(id(1)));
		assertThat(passed(initial(id(1)))).isEqualTo(initial(id(1)));
		assertThat(this.admission.refused).isEmpty();
	}

	@Test
	void packetsThatBeginNoConnectionPass() {
		this.admission.admits = false;
		ByteBuf handshake = initial(id(1)).setByte(0, 0xe0);
		assertThat(passed(handshake.copy())).isEqualTo(handshake);
		ByteBuf shortHeader = Unpooled.wrappedBuffer(new byte[] { 0x40, 1, 2 });
		assertThat(passed(shortHeader.copy())).isEqualTo(shortHeader);
	}

	@Test
	void headerThatCannotBeReadIsDropped() {
		receive(Unpooled.wrappedBuffer(new byte[] { (byte) 0xc0, 0, 0, 0, 1, 20, 1 }));
		receive(initial(id(1), new byte[21]));
	}

	@Test
	void otherVersionsAreNegotiatedWhateverTheirTypeOfPacket() {
		for (int first : new int[] { 0x80, 0xc0, 0xd0, 0xe0, 0xf0 }) {
			ByteBuf packet = initial(id(1)).setByte(0, first).setInt(1, 0x6b3343cf);
			assertThat(answer(packet.copy())).isEqualTo(StatelessAnswer.versionNegotiation(header(packet)));
		}
	}

	@Test
	void versionNegotiationIsNotAnsweredWithAnother() {
		receive(initial(id(1)).setInt(1, 0));
	}

	@Test
	void clientWithAnUnknownTokenIsAskedForOneOfOursWhateverTheMode() {
		ByteBuf first = initial(id(1), CLIENT_ID, "a token of another server".getBytes());
		ByteBuf tokenless = passed(first, true);
		PacketHeader header = header(tokenless);
		assertThat(header.initial()).isTrue();
		assertThat(header.destinationId()).isEqualTo(ByteBuffer.wrap(id(1)));
		assertThat(header.sourceId()).isEqualTo(ByteBuffer.wrap(CLIENT_ID));
		assertThat(header.token().hasRemaining()).isFalse();
		tokenless.release();
		// Only for this packet
		passed(initial(id(1)), false);
	}

	@Test
	void clientWithATokenOfOursIsLeftToTheCodec() {
		ByteBuf first = initial(id(1), CLIENT_ID, token());
		assertThat(passed(first.copy())).isEqualTo(first);
	}

	@Test
	void clientWhoseRetryIsOfNoUseIsToldSo() {
		ByteBuf first = initial(id(1), CLIENT_ID, token());
		this.nanos += AddressValidator.LIFETIME.toNanos() + 1;
		assertThat(answer(first.copy()))
			.isEqualTo(StatelessAnswer.close(header(first), QuicTransportError.INVALID_TOKEN));
		assertThat(this.admission.refused).isEmpty();
	}

	@Test
	void tokensOfAnotherTokenHandlerAreNotJudged() {
		AddressValidator unused = new AddressValidator(AddressValidation.NEVER, Hmac.withRandomKey(), () -> 0,
				() -> this.nanos);
		EmbeddedChannel other = new EmbeddedChannel(new FirstPacketHandler(this.admission, unused));
		ByteBuf first = initial(id(1), CLIENT_ID, "a token of its own".getBytes());
		other.writeInbound(new DatagramPacket(first.copy(), SERVER, CLIENT));
		DatagramPacket passed = other.readInbound();
		assertThat(passed.content()).isEqualTo(first);
		passed.release();
	}

	@Test
	void noMoreThanTheMaximumIsAnsweredPerSecondButAllAreCounted() {
		this.admission.admits = false;
		int count = FirstPacketHandler.MAX_PER_SECOND + 1;
		long start = System.nanoTime();
		int answers = 0;
		for (int number = 0; number < count; number++) {
			receive(initial(id(number)));
			answers += drain();
		}
		long seconds = (System.nanoTime() - start) / 1_000_000_000 + 2;
		assertThat(answers).isPositive().isLessThanOrEqualTo((int) (seconds * FirstPacketHandler.MAX_PER_SECOND));
		assertThat(this.admission.refused).hasSize(count);
	}

	private int drain() {
		int count = 0;
		for (DatagramPacket answer = this.channel.readOutbound(); answer != null; answer = this.channel
			.readOutbound()) {
			answer.release();
			count++;
		}
		return count;
	}

	private byte[] token() {
		ByteBuf token = Unpooled.buffer();
		this.validator.require(() -> this.validator.writeToken(token, Unpooled.wrappedBuffer(id(7)), CLIENT));
		return ByteBufUtil.getBytes(token);
	}

	private ByteBuf passed(ByteBuf content) {
		return passed(content, false);
	}

	/**
	 * Return what the codec gets, which would answer with Retry or not.
	 */
	private ByteBuf passed(ByteBuf content, boolean retry) {
		boolean[] required = new boolean[1];
		this.channel.pipeline().addLast("codec", new ChannelInboundHandlerAdapter() {

			@Override
			public void channelRead(ChannelHandlerContext ctx, Object msg) {
				required[0] = FirstPacketHandlerTests.this.validator.writeToken(Unpooled.buffer(),
						Unpooled.wrappedBuffer(id(1)), CLIENT);
				ctx.fireChannelRead(msg);
			}

		});
		receive(content);
		this.channel.pipeline().remove("codec");
		assertThat(required[0]).isEqualTo(retry);
		DatagramPacket packet = this.channel.readInbound();
		assertThat(packet.sender()).isEqualTo(CLIENT);
		ByteBuf copy = packet.content().copy();
		packet.release();
		return copy;
	}

	private byte[] answer(ByteBuf content) {
		receive(content);
		DatagramPacket packet = this.channel.readOutbound();
		assertThat(packet).isNotNull();
		assertThat(packet.recipient()).isEqualTo(CLIENT);
		byte[] answer = ByteBufUtil.getBytes(packet.content());
		packet.release();
		return answer;
	}

	private void receive(ByteBuf content) {
		DatagramPacket packet = new DatagramPacket(content, SERVER, CLIENT);
		this.channel.writeInbound(packet);
	}

	private static PacketHeader header(ByteBuf packet) {
		PacketHeader header = PacketHeader.read(packet);
		assertThat(header).isNotNull();
		return header;
	}

	private static byte[] id(int number) {
		return ByteBuffer.allocate(8).putInt(number).putInt(1).array();
	}

	private static ByteBuf initial(byte[] destinationId) {
		return initial(destinationId, CLIENT_ID);
	}

	private static ByteBuf initial(byte[] destinationId, byte[] sourceId) {
		return initial(destinationId, sourceId, new byte[0]);
	}

	private static ByteBuf initial(byte[] destinationId, byte[] sourceId, byte[] token) {
		ByteBuf packet = Unpooled.buffer()
			.writeByte(0xc0)
			.writeInt(1)
			.writeByte(destinationId.length)
			.writeBytes(destinationId)
			.writeByte(sourceId.length)
			.writeBytes(sourceId)
			.writeShort(0x4000 | token.length)
			.writeBytes(token);
		return packet.writeZero(AmplificationLimit.MIN_INITIAL_DATAGRAM - packet.readableBytes());
	}

	/**
	 * Admits connections or not.
	 */
	private static final class FakeAdmission implements Admission {

		private final Set<ByteBuffer> known = new HashSet<>();

		private final List<InetSocketAddress> refused = new ArrayList<>();

		private boolean admits = true;

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
			this.refused.add(client);
		}

	}

}
