package io.github.http3spring.netty.path;

import java.net.InetSocketAddress;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link KnownClient}.
 */
class KnownClientTests {

	private static final InetSocketAddress HOME = new InetSocketAddress("127.0.0.1", 1000);

	private static final InetSocketAddress OTHER = new InetSocketAddress("127.0.0.1", 1001);

	private final KnownClient client = new KnownClient(HOME, 4);

	@Test
	void clientIsHomeUntilItMoves() {
		assertThat(this.client.isOnlyAt(HOME)).isTrue();
		assertThat(this.client.isOnlyAt(OTHER)).isFalse();
		assertThat(this.client.addresses().home()).isEqualTo(HOME);
		assertThat(this.client.addresses().recipient()).isEqualTo(HOME);
	}

	@Test
	void packetsFromAHomeThatIsSharedMayBeAnotherClients() {
		this.client.share();
		assertThat(this.client.isOnlyAt(HOME)).isFalse();
	}

	@Test
	void clientHasEachNameOnce() {
		assertThat(this.client.names()).isEmpty();
		this.client.addName(HOME);
		this.client.addName(HOME);
		assertThat(this.client.names()).containsExactly(HOME);
		this.client.addName(OTHER);
		this.client.addName(OTHER);
		assertThat(this.client.names()).containsExactlyInAnyOrder(HOME, OTHER);
	}

	@Test
	void lastConnectionIsKnown() {
		this.client.connectionAdded();
		this.client.connectionAdded();
		assertThat(this.client.connectionRemoved()).isFalse();
		assertThat(this.client.connectionRemoved()).isTrue();
	}

	@Test
	void pathsStayTheSame() {
		assertThat(this.client.paths()).isSameAs(this.client.paths());
	}

}
