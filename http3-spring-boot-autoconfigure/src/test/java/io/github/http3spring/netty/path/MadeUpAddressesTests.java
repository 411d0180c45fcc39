package io.github.http3spring.netty.path;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MadeUpAddresses}.
 */
class MadeUpAddressesTests {

	@ParameterizedTest
	@CsvSource({ "192.0.2.1, 240.0.", "2001:db8::1, 100:0:0:0:0:0:0:" })
	void addressesAreOfTheFamilyAndNobodys(String address, String prefix) {
		MadeUpAddresses addresses = new MadeUpAddresses();
		Set<InetSocketAddress> all = new HashSet<>();
		for (int count = 0; count < 100; count++) {
			InetSocketAddress next = addresses.next(new InetSocketAddress(address, 443));
			assertThat(next.getAddress().getHostAddress()).startsWith(prefix);
			assertThat(next.getPort()).isPositive();
			all.add(next);
		}
		assertThat(all).hasSize(100);
	}

}
