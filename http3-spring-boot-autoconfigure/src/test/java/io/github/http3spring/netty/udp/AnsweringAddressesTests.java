package io.github.http3spring.netty.udp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AnsweringAddresses}.
 */
class AnsweringAddressesTests {

	private static final InetAddress LOOPBACK = address("127.0.0.1");

	private static final InetAddress FIRST = address("10.0.0.5");

	private static final InetAddress SECOND = address("10.0.0.6");

	private static final InetAddress CLIENT = address("192.0.2.1");

	private final List<InetAddress> clients = new ArrayList<>();

	private InetAddress chosen = FIRST;

	private long now = -5;

	@Test
	void systemIsNotAskedAboutTheOnlyAddress() {
		AnsweringAddresses addresses = addresses(LOOPBACK, FIRST, address("2001:db8::5"));
		this.chosen = SECOND;
		assertThat(addresses.include(FIRST, CLIENT)).isTrue();
		assertThat(this.clients).isEmpty();
	}

	@Test
	void onlyAddressIsNoLongerTheOnlyOneWhenAnotherIsAsked() {
		AnsweringAddresses addresses = addresses(LOOPBACK, FIRST);
		this.chosen = SECOND;
		assertThat(addresses.include(SECOND, CLIENT)).isTrue();
		assertThat(addresses.include(FIRST, CLIENT)).isFalse();
		assertThat(this.clients).containsExactly(CLIENT);
	}

	@Test
	void clientOfTheSameHostMayUseItsLoopbackAddressForAnother() {
		AnsweringAddresses addresses = addresses(LOOPBACK, FIRST);
		this.chosen = LOOPBACK;
		assertThat(addresses.include(LOOPBACK, LOOPBACK)).isTrue();
		assertThat(addresses.include(FIRST, LOOPBACK)).isFalse();
		assertThat(addresses.include(FIRST, CLIENT)).isTrue();
		assertThat(this.clients).containsExactly(LOOPBACK);
	}

	@Test
	void answerIsRememberedForAWhile() {
		AnsweringAddresses addresses = addresses(FIRST, SECOND);
		assertThat(addresses.include(FIRST, CLIENT)).isTrue();
		assertThat(addresses.include(SECOND, CLIENT)).isFalse();
		this.now += AnsweringAddresses.VALIDITY.toNanos();
		this.chosen = SECOND;
		assertThat(addresses.include(FIRST, CLIENT)).isTrue();
		assertThat(this.clients).containsExactly(CLIENT);
		this.now++;
		assertThat(addresses.include(FIRST, CLIENT)).isFalse();
		assertThat(this.clients).containsExactly(CLIENT, CLIENT);
	}

	@Test
	void soManyClientsAreRemembered() {
		AnsweringAddresses addresses = addresses(FIRST, SECOND);
		for (int number = 0; number <= AnsweringAddresses.MAX_CLIENTS; number++) {
			addresses.include(FIRST, address("192.0." + number / 256 + "." + number % 256));
		}
		assertThat(this.clients).hasSize(AnsweringAddresses.MAX_CLIENTS + 1);
		addresses.include(FIRST, address("192.0.0.1"));
		assertThat(this.clients).hasSize(AnsweringAddresses.MAX_CLIENTS + 1);
		addresses.include(FIRST, address("192.0.0.0"));
		assertThat(this.clients).hasSize(AnsweringAddresses.MAX_CLIENTS + 2);
	}

	@Test
	void clientWithoutAWayNeedsNoOtherAddress() {
		AnsweringAddresses addresses = new AnsweringAddresses(List.of(FIRST, SECOND), (client) -> {
			throw new IOException("Network is unreachable");
		}, () -> this.now);
		assertThat(addresses.include(SECOND, CLIENT)).isTrue();
	}

	private AnsweringAddresses addresses(InetAddress... locals) {
		return new AnsweringAddresses(List.of(locals), (client) -> {
			this.clients.add(client);
			return this.chosen;
		}, () -> this.now);
	}

	private static InetAddress address(String address) {
		try {
			return InetAddress.getByName(address);
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

}
