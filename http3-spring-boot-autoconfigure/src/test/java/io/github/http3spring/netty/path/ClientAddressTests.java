package io.github.http3spring.netty.path;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionPathStats;
import io.netty.incubator.codec.quic.QuicConnectionStats;
import io.netty.util.concurrent.ImmediateEventExecutor;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ClientAddress}.
 */
class ClientAddressTests {

	private static final InetSocketAddress ADDRESS = new InetSocketAddress("127.0.0.1", 1000);

	private static final InetSocketAddress MADE_UP = new InetSocketAddress("240.0.0.1", 1);

	private final QuicChannel channel = mock();

	@Test
	void unknownHostGetsThreeTimesWhatItHasSent() {
		ClientAddress address = new ClientAddress(ADDRESS, this.channel, false);
		address.received(400);
		assertThat(address.mayGet(1200, 0)).isTrue();
		address.sent(1200, 0);
		assertThat(address.mayGet(1, 0)).isFalse();
		assertThat(address.mayGet(1, TimeUnit.SECONDS.toNanos(1))).isFalse();
		address.received(1);
		assertThat(address.mayGet(3, 0)).isTrue();
		assertThat(address.mayGet(4, 0)).isFalse();
	}

	@Test
	void otherPortOfAKnownHostGetsAWindowAndProbes() {
		ClientAddress address = new ClientAddress(ADDRESS, this.channel, true);
		assertThat(address.mayGet(ClientAddress.HOST_CREDIT, 0)).isTrue();
		address.sent(ClientAddress.HOST_CREDIT, 0);
		long later = ClientAddress.PROBE_INTERVAL.toNanos();
		assertThat(address.mayGet(1200, later - 1)).isFalse();
		assertThat(address.mayGet(1200, later)).isTrue();
		assertThat(address.mayGet(60_000, later)).isFalse();
		address.sent(1200, later);
		assertThat(address.mayGet(1200, later + 1)).isFalse();
	}

	@Test
	void validationIsDueAgainAfterATimeThatDoubles() {
		ClientAddress address = new ClientAddress(ADDRESS, this.channel, true);
		long timeout = ClientAddress.FIRST_TIMEOUT.toNanos();
		address.validationBegun(0);
		assertThat(address.isRetryDue(timeout - 1)).isFalse();
		assertThat(address.isRetryDue(timeout)).isTrue();
		address.validateAgain(MADE_UP, timeout);
		assertThat(address.path()).isEqualTo(MADE_UP);
		assertThat(address.address()).isEqualTo(ADDRESS);
		assertThat(address.isRetryDue(3 * timeout - 1)).isFalse();
		assertThat(address.isRetryDue(3 * timeout)).isTrue();
	}

	@Test
	void addressIsValidatedOnceWhenTheClientIsThereAndHasAnswered() {
		givenPath(2);
		ClientAddress address = new ClientAddress(ADDRESS, this.channel, true);
		assertThat(address.checkValidated()).isFalse();
		address.adopt();
		assertThat(address.checkValidated()).isTrue();
		assertThat(address.checkValidated()).isFalse();
		assertThat(address.isValidated()).isTrue();
		assertThat(address.isRetryDue(Long.MAX_VALUE)).isFalse();
	}

	@Test
	void failedValidationIsNoticed() {
		givenPath(-1);
		ClientAddress address = new ClientAddress(ADDRESS, this.channel, true);
		address.adopt();
		assertThat(address.isFailed()).isTrue();
		assertThat(address.checkValidated()).isFalse();
	}

	private void givenPath(long state) {
		QuicConnectionStats stats = mock();
		given(stats.pathsCount()).willReturn(1L);
		QuicConnectionPathStats path = mock();
		int swapped = Short.toUnsignedInt(Short.reverseBytes((short) ADDRESS.getPort()));
		given(path.peerAddress()).willReturn(new InetSocketAddress(ADDRESS.getAddress(), swapped));
		given(path.validationState()).willReturn(state);
		given(this.channel.isOpen()).willReturn(true);
		given(this.channel.collectStats()).willReturn(ImmediateEventExecutor.INSTANCE.newSucceededFuture(stats));
		given(this.channel.collectPathStats(0)).willReturn(ImmediateEventExecutor.INSTANCE.newSucceededFuture(path));
	}

}
