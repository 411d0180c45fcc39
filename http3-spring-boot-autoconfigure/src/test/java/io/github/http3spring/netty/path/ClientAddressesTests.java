package io.github.http3spring.netty.path;

import java.net.InetSocketAddress;

import io.netty.incubator.codec.quic.QuicChannel;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ClientAddresses}.
 */
class ClientAddressesTests {

	private static final InetSocketAddress HOME = new InetSocketAddress("127.0.0.1", 1000);

	private static final InetSocketAddress MADE_UP = new InetSocketAddress("240.0.0.1", 1);

	private final QuicChannel channel = mock();

	private final ClientAddresses addresses = new ClientAddresses(HOME);

	@Test
	void clientThatHasNotMovedIsAtHome() {
		assertThat(this.addresses.isOnly(HOME)).isTrue();
		assertThat(this.addresses.current()).isNull();
		assertThat(this.addresses.contains(HOME)).isTrue();
		assertThat(this.addresses.contains(address(1).address())).isFalse();
	}

	@Test
	void addressThatTheClientMovesToIsAdoptedAndRemembered() {
		ClientAddress address = address(1);
		this.addresses.moveTo(address);
		assertThat(this.addresses.current()).isSameAs(address);
		assertThat(address.isAdopted()).isTrue();
		this.addresses.moveTo(null);
		assertThat(this.addresses.current()).isNull();
		assertThat(this.addresses.get(address.address())).isSameAs(address);
	}

	@Test
	void addressIsFoundByItselfAndByThePathOfItsValidation() {
		ClientAddress address = address(1);
		this.addresses.add(address);
		address.validateAgain(MADE_UP, 0);
		assertThat(this.addresses.findByPath(address.address())).isSameAs(address);
		assertThat(this.addresses.findByPath(MADE_UP)).isSameAs(address);
		assertThat(this.addresses.findByPath(HOME)).isNull();
	}

	@Test
	void oldestAddressIsForgottenButNotThePresentOne() {
		this.addresses.moveTo(address(0));
		for (int number = 1; number <= ClientAddresses.MAX_ADDRESSES; number++) {
			this.addresses.add(address(number));
		}
		assertThat(this.addresses.contains(address(0).address())).isTrue();
		assertThat(this.addresses.contains(address(1).address())).isFalse();
		assertThat(this.addresses.contains(address(2).address())).isTrue();
	}

	private ClientAddress address(int number) {
		return new ClientAddress(new InetSocketAddress("127.0.0.1", 2000 + number), this.channel, true);
	}

}
