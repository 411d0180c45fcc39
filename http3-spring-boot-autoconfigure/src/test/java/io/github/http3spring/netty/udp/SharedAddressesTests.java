package io.github.http3spring.netty.udp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SharedAddresses}.
 */
class SharedAddressesTests {

	private final SharedAddresses addresses = new SharedAddresses();

	private final List<InetAddress> heard = new ArrayList<>();

	private final Consumer<InetAddress> worker = this.heard::add;

	@Test
	void workerHearsOfEachAddressOnce() throws Exception {
		this.addresses.join(this.worker);
		this.addresses.opened(address(1));
		this.addresses.opened(address(2));
		this.addresses.opened(address(1));
		assertThat(this.heard).containsExactly(address(1), address(2));
	}

	@Test
	void workerThatIsBoundLaterHearsOfThoseBefore() throws Exception {
		this.addresses.opened(address(1));
		this.addresses.join(this.worker);
		assertThat(this.heard).containsExactly(address(1));
	}

	@Test
	void workerThatHasEndedHearsNothing() throws Exception {
		this.addresses.join(this.worker);
		this.addresses.opened(address(1));
		this.addresses.leave(this.worker);
		this.addresses.opened(address(2));
		assertThat(this.heard).containsExactly(address(1));
	}

	private static InetAddress address(int last) throws UnknownHostException {
		return InetAddress.getByAddress(new byte[] { 127, 0, 0, (byte) last });
	}

}
