package io.github.http3spring.netty.path;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionPathStats;
import io.netty.incubator.codec.quic.QuicConnectionStats;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ClientPaths}.
 */
class ClientPathsTests {

	private static final InetSocketAddress HOME = new InetSocketAddress("127.0.0.1", 1000);

	private static final InetSocketAddress OTHER_PORT = new InetSocketAddress("127.0.0.1", 1001);

	private static final InetSocketAddress OTHER_HOST = new InetSocketAddress("127.0.0.2", 1000);

	private static final int MAX_PATHS = 16;

	private final List<Path> paths = new ArrayList<>();

	private final QuicChannel channel = mock();

	private long received;

	private long now;

	private final ClientAddresses addresses = new ClientAddresses(HOME);

	private final ClientPaths client = new ClientPaths(this.addresses, MAX_PATHS, () -> this.now);

	@BeforeEach
	void connect() {
		this.paths.add(new Path(HOME, 3, true));
		given(this.channel.isOpen()).willReturn(true);
		given(this.channel.collectStats()).willAnswer((invocation) -> done(stats()));
		given(this.channel.collectPathStats(anyInt())).willAnswer((invocation) -> {
			int index = invocation.getArgument(0);
			return done(this.paths.get(index).stats());
		});
	}

	@Test
	void firstPacketFromAnotherAddressIsShownAndTheOthersAreNot() {
		assertThat(read(OTHER_PORT, 50)).isEqualTo(OTHER_PORT);
		assertThat(this.addresses.recipient()).isEqualTo(OTHER_PORT);
		assertThat(read(OTHER_PORT, 50)).isEqualTo(HOME);
		assertThat(this.client.recipient(HOME, 1200)).isEqualTo(OTHER_PORT);
	}

	@Test
	void packetThatIsNotTheClientsChangesNothing() {
		InetSocketAddress path = this.client.beforeRead(OTHER_HOST, 50, this.channel);
		assertThat(path).isEqualTo(OTHER_HOST);
		assertThat(this.client.afterRead()).isEqualTo(AddressChange.NONE);
		assertThat(this.addresses.recipient()).isEqualTo(HOME);
		assertThat(this.addresses.contains(OTHER_HOST)).isFalse();
		assertThat(this.addresses.isOnly(HOME)).isTrue();
	}

	@Test
	void addressIsTheClientsWhenItHasAnsweredTheChallenge() {
		read(OTHER_HOST, 400);
		assertThat(this.addresses.recipient()).isEqualTo(OTHER_HOST);
		assertThat(this.addresses.validated()).isEqualTo(HOME);
		path(OTHER_HOST).state = 2;
		read(OTHER_HOST, 400);
		assertThat(this.addresses.validated()).isEqualTo(OTHER_HOST);
		read(HOME, 50);
		assertThat(this.addresses.validated()).isEqualTo(HOME);
	}

	@Test
	void addressGetsNoMoreThanItMayUntilItIsValidated() {
		read(OTHER_HOST, 400);
		assertThat(this.client.recipient(HOME, 1200)).isEqualTo(OTHER_HOST);
		assertThat(this.client.recipient(HOME, 1)).isNull();
		path(OTHER_HOST).state = 2;
		assertThat(this.client.recipient(HOME, 60_000)).isEqualTo(OTHER_HOST);
	}

	@Test
	void validationIsToldOnce() {
		read(OTHER_PORT, 50);
		path(OTHER_PORT).state = 2;
		this.client.beforeRead(OTHER_PORT, 50, this.channel);
		assertThat(this.client.afterRead()).isEqualTo(AddressChange.MOVED);
		this.client.beforeRead(OTHER_PORT, 50, this.channel);
		assertThat(this.client.afterRead()).isEqualTo(AddressChange.NONE);
	}

	@Test
	void validationWithoutAnswerIsBegunAgainUnderAnAddressThatNobodyHas() {
		read(OTHER_PORT, 50);
		this.now += ClientAddress.FIRST_TIMEOUT.toNanos();
		InetSocketAddress again = read(OTHER_PORT, 50);
		assertThat(again).isNotIn(HOME, OTHER_PORT);
		assertThat(again.getAddress().getHostAddress()).startsWith("240.");
		assertThat(this.client.recipient(again, 100)).isEqualTo(OTHER_PORT);
		assertThat(read(OTHER_PORT, 50)).isEqualTo(HOME);
		path(again).state = 2;
		assertThat(read(OTHER_PORT, 50)).isEqualTo(HOME);
		this.now += TimeUnit.MINUTES.toNanos(1);
		assertThat(read(OTHER_PORT, 50)).isEqualTo(HOME);
	}

	@Test
	void probeOfAClientKeepsItsPathUntilTheClientMoves() {
		this.client.beforeRead(OTHER_PORT, 1200, this.channel);
		this.paths.add(new Path(OTHER_PORT, 1, false));
		this.client.afterRead();
		assertThat(this.addresses.recipient()).isEqualTo(HOME);
		assertThat(this.client.recipient(OTHER_PORT, 1200)).isEqualTo(OTHER_PORT);
		assertThat(this.client.beforeRead(OTHER_PORT, 50, this.channel)).isEqualTo(OTHER_PORT);
		path(HOME).active = false;
		path(OTHER_PORT).active = true;
		this.client.afterRead();
		assertThat(this.addresses.recipient()).isEqualTo(OTHER_PORT);
	}

	@Test
	void clientThatComesBackIsFoundAtItsFirstAddress() {
		read(OTHER_PORT, 50);
		this.client.beforeRead(HOME, 50, this.channel);
		this.received++;
		assertThat(this.client.afterRead()).isEqualTo(AddressChange.MOVED);
		assertThat(this.client.recipient(HOME, 60_000)).isEqualTo(HOME);
	}

	@Test
	void lastPathsAreToldOf() {
		List<AddressChange> changes = new ArrayList<>();
		for (int change = 1; change <= 20; change++) {
			InetSocketAddress address = new InetSocketAddress("127.0.0.1", 2000 + change);
			InetSocketAddress path = this.client.beforeRead(address, 50, this.channel);
			activate(path);
			this.received++;
			changes.add(this.client.afterRead());
			assertThat(this.addresses.recipient()).isEqualTo(address);
		}
		assertThat(changes.subList(0, 12)).containsOnly(AddressChange.NONE);
		assertThat(changes.get(12)).isEqualTo(AddressChange.USED_UP);
		assertThat(this.paths).hasSize(MAX_PATHS);
	}

	private InetSocketAddress read(InetSocketAddress sender, int length) {
		InetSocketAddress path = this.client.beforeRead(sender, length, this.channel);
		activate(path);
		this.received++;
		this.client.afterRead();
		return path;
	}

	private void activate(InetSocketAddress address) {
		this.paths.forEach((path) -> path.active = false);
		if (this.paths.stream().noneMatch((path) -> path.peer.equals(address))) {
			this.paths.add(new Path(address, 1, true));
		}
		path(address).active = true;
	}

	private Path path(InetSocketAddress address) {
		return this.paths.stream().filter((path) -> path.peer.equals(address)).findFirst().orElseThrow();
	}

	private QuicConnectionStats stats() {
		QuicConnectionStats stats = mock();
		given(stats.pathsCount()).willReturn((long) this.paths.size());
		given(stats.recv()).willReturn(this.received);
		return stats;
	}

	private static <T> Future<T> done(T result) {
		return ImmediateEventExecutor.INSTANCE.newSucceededFuture(result);
	}

	/**
	 * A path of quiche.
	 */
	private static final class Path {

		private final InetSocketAddress peer;

		private long state;

		private boolean active;

		Path(InetSocketAddress peer, long state, boolean active) {
			this.peer = peer;
			this.state = state;
			this.active = active;
		}

		QuicConnectionPathStats stats() {
			QuicConnectionPathStats stats = mock();
			int swapped = Short.toUnsignedInt(Short.reverseBytes((short) this.peer.getPort()));
			given(stats.peerAddress()).willReturn(new InetSocketAddress(this.peer.getAddress(), swapped));
			given(stats.validationState()).willReturn(this.state);
			given(stats.active()).willReturn(this.active);
			return stats;
		}

	}

}
