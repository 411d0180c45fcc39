package io.github.http3spring.netty.udp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

import io.github.http3spring.netty.udp.UnansweredAddresses.Local;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnansweredAddresses}.
 */
class UnansweredAddressesTests {

	private final List<InetAddress> asked = new ArrayList<>();

	@Test
	void secondAddressOfANetworkIsNotAnsweredFrom() {
		assertThat(find("10.0.0.5", local("10.0.0.5", 24), local("10.0.0.6", 24))).containsExactly(address("10.0.0.6"));
		assertThat(find("2001:db8::5", local("2001:db8::6", 64), local("2001:db8::5", 64)))
			.containsExactly(address("2001:db8::6"));
	}

	@Test
	void neighboursAreOfTheSameNetworkAndNotOfTheHostItself() {
		find("10.0.0.4", local("10.0.0.4", 29), local("10.0.0.5", 29), local("10.0.0.6", 29));
		assertThat(this.asked).containsExactly(address("10.0.0.7"), address("10.0.0.7"), address("10.0.0.7"));
	}

	@Test
	void onlyAddressIsAnsweredFrom() {
		assertThat(find("10.0.0.5", local("127.0.0.1", 8), local("10.0.0.5", 24), local("fe80::1", 64))).isEmpty();
		assertThat(this.asked).containsExactly(address("10.0.0.4"));
	}

	@Test
	void addressWithoutANetworkIsNotJudged() {
		assertThat(find("10.0.0.5", local("10.0.0.9", 32), local("2001:db8::1", 128))).isEmpty();
		assertThat(this.asked).isEmpty();
	}

	@Test
	void thisHostCanBeAsked() {
		assertThat(UnansweredAddresses.find()).doesNotContain(InetAddress.getLoopbackAddress());
	}

	private List<InetAddress> find(String source, Local... locals) {
		return UnansweredAddresses.find(List.of(locals), (receiver) -> {
			this.asked.add(receiver);
			return address(source);
		});
	}

	private static Local local(String address, int prefixLength) {
		return new Local(address(address), prefixLength);
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
