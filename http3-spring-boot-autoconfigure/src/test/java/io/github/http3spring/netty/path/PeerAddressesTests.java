package io.github.http3spring.netty.path;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

import io.github.http3spring.netty.stack.QuicheAccess;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionPathStats;
import io.netty.incubator.codec.quic.QuicConnectionStats;
import io.netty.util.AttributeKey;
import io.netty.util.DefaultAttributeMap;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.MockedStatic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockStatic;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link PeerAddresses}.
 */
class PeerAddressesTests {

	private static final InetSocketAddress SERVER = new InetSocketAddress("127.0.0.1", 443);

	private static final InetSocketAddress HOME = new InetSocketAddress("127.0.0.1", 1000);

	private static final InetSocketAddress MOVED = new InetSocketAddress("127.0.0.2", 1000);

	private final MockedStatic<QuicheAccess> quiche = mockStatic(QuicheAccess.class);

	private final PeerAddresses addresses = new PeerAddresses(20, 4);

	/**
	 * Where packets come from, as the codec sees it.
	 */
	private final List<InetSocketAddress> seen = new ArrayList<>();

	private final EmbeddedChannel socket = new EmbeddedChannel(this.addresses, new ChannelInboundHandlerAdapter() {

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object msg) {
			PeerAddressesTests.this.received++;
			PeerAddressesTests.this.active = ((DatagramPacket) msg).sender();
			PeerAddressesTests.this.seen.add(PeerAddressesTests.this.active);
			((DatagramPacket) msg).release();
		}

	});

	private final QuicChannel connection = mock();

	private final ChannelPromise closed = new DefaultChannelPromise(this.connection, ImmediateEventExecutor.INSTANCE);

	private final ChannelPipeline pipeline = mock();

	private final QuicConnectionPathStats path = mock();

	private InetSocketAddress active = HOME;

	private long received;

	@BeforeEach
	void connect() {
		DefaultAttributeMap attributes = new DefaultAttributeMap();
		given(this.connection.attr(any()))
			.willAnswer((invocation) -> attributes.attr(invocation.<AttributeKey<Object>>getArgument(0)));
		given(this.connection.remoteSocketAddress()).willReturn(HOME);
		given(this.connection.closeFuture()).willReturn(this.closed);
		given(this.connection.isOpen()).willReturn(true);
		given(this.connection.pipeline()).willReturn(this.pipeline);
		given(this.connection.collectStats()).willAnswer((invocation) -> done(stats()));
		given(this.connection.collectPathStats(anyInt())).willReturn(done(this.path));
		given(this.path.active()).willReturn(true);
		given(this.path.peerAddress()).willAnswer((invocation) -> swapped(this.active));
		this.quiche.when(() -> QuicheAccess.find(any(), any())).thenReturn(this.connection);
	}

	@AfterEach
	void release() {
		this.quiche.close();
	}

	@Test
	void addressOfAConnectionThatIsNotKnownIsThatOfTheCodec() {
		assertThat(PeerAddresses.of(this.connection)).isEqualTo(HOME);
		assertThat(PeerAddresses.validated(this.connection)).isEqualTo(HOME);
	}

	@Test
	void packetsPassAsTheyAreWhileNobodyHasMoved() {
		this.addresses.add(this.connection);
		receive(HOME);
		assertThat(this.seen).containsExactly(HOME);
		assertThat(sentTo(HOME)).isEqualTo(HOME);
		assertThat(sentTo(MOVED)).isEqualTo(MOVED);
	}

	@Test
	void packetThatIsForNoConnectionPassesAsItIs() {
		this.addresses.add(this.connection);
		this.quiche.when(() -> QuicheAccess.find(any(), any())).thenReturn(null);
		receive(MOVED);
		assertThat(this.seen).containsExactly(MOVED);
		assertThat(PeerAddresses.of(this.connection)).isEqualTo(HOME);
	}

	@Test
	void packetsFollowAClientThatHasMoved() {
		this.addresses.add(this.connection);
		receive(MOVED);
		assertThat(PeerAddresses.of(this.connection)).isEqualTo(MOVED);
		assertThat(PeerAddresses.validated(this.connection)).isEqualTo(HOME);
		assertThat(sentTo(HOME)).isEqualTo(MOVED);
	}

	@Test
	void addressGetsNoMoreThanThreeTimesWhatCameFromThereUntilItIsValidated() {
		this.addresses.add(this.connection);
		receive(MOVED);
		assertThat(sentTo(HOME, 3 * 50 + 1)).isNull();
		assertThat(sentTo(HOME, 3 * 50)).isEqualTo(MOVED);
		assertThat(sentTo(HOME, 1)).isNull();
	}

	@Test
	void returnOfAClientIsToldToItsConnection() {
		this.addresses.add(this.connection);
		receive(MOVED);
		receive(HOME);
		verify(this.pipeline).fireUserEventTriggered(AddressChange.MOVED);
		assertThat(PeerAddresses.of(this.connection)).isEqualTo(HOME);
	}

	@Test
	void clientIsForgottenWithItsLastConnection() {
		this.addresses.add(this.connection);
		receive(MOVED);
		this.closed.setSuccess();
		assertThat(sentTo(HOME)).isEqualTo(HOME);
	}

	private void receive(InetSocketAddress sender) {
		ByteBuf packet = Unpooled.buffer(50).writeByte(0x40).writeZero(49);
		this.socket.writeInbound(new DatagramPacket(packet, SERVER, sender));
	}

	private InetSocketAddress sentTo(InetSocketAddress recipient) {
		return sentTo(recipient, 100);
	}

	/**
	 * Send a packet.
	 * @return where it goes, {@code null} for nowhere
	 */
	private InetSocketAddress sentTo(InetSocketAddress recipient, int length) {
		ByteBuf content = Unpooled.buffer(length).writeZero(length);
		this.socket.writeOutbound(new DatagramPacket(content, recipient));
		DatagramPacket packet = this.socket.readOutbound();
		if (packet != null) {
			packet.release();
		}
		assertThat(content.refCnt()).isZero();
		return (packet != null) ? packet.recipient() : null;
	}

	private QuicConnectionStats stats() {
		QuicConnectionStats stats = mock();
		given(stats.pathsCount()).willReturn(1L);
		given(stats.recv()).willReturn(this.received);
		return stats;
	}

	/**
	 * As the codec tells an address: with the bytes of its port swapped.
	 */
	private static InetSocketAddress swapped(InetSocketAddress address) {
		return new InetSocketAddress(address.getAddress(),
				Short.toUnsignedInt(Short.reverseBytes((short) address.getPort())));
	}

	private static <T> Future<T> done(T result) {
		return ImmediateEventExecutor.INSTANCE.newSucceededFuture(result);
	}

}
