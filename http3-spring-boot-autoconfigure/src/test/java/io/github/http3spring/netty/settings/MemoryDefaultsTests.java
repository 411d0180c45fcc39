package io.github.http3spring.netty.settings;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MemoryDefaults}.
 */
class MemoryDefaultsTests {

	private static final long MEBIBYTE = 1 << 20;

	@Test
	void growWithTheHeap() {
		MemoryDefaults defaults = new MemoryDefaults(4096 * MEBIBYTE);
		assertThat(defaults.maxConnections()).isEqualTo(65536);
		assertThat(defaults.maxOpenRequests()).isEqualTo(16384);
		assertThat(defaults.maxUndeliveredData()).isEqualTo(256 * MEBIBYTE);
		assertThat(defaults.maxUnsentData()).isEqualTo(1024 * MEBIBYTE);
	}

	@Test
	void smallHeapServesFastClients() {
		MemoryDefaults defaults = new MemoryDefaults(32 * MEBIBYTE);
		assertThat(defaults.maxConnections()).isEqualTo(1024);
		assertThat(defaults.maxOpenRequests()).isEqualTo(1024);
		assertThat(defaults.maxUndeliveredData()).isEqualTo(16 * MEBIBYTE);
		assertThat(defaults.maxUnsentData()).isEqualTo(64 * MEBIBYTE);
	}

	@Test
	void creditThatIsConfiguredMayBeUsed() {
		MemoryDefaults defaults = new MemoryDefaults(256 * MEBIBYTE);
		assertThat(defaults.maxUndeliveredData(MEBIBYTE)).isEqualTo(16 * MEBIBYTE);
		assertThat(defaults.maxUndeliveredData(64 * MEBIBYTE)).isEqualTo(128 * MEBIBYTE);
		assertThat(defaults.maxUndeliveredData((1L << 62) - 1)).isEqualTo((1L << 63) - 2);
	}

	@Test
	void hugeHeapHasNoMoreConnectionsAndRequestsThanCanBeCounted() {
		assertThat(new MemoryDefaults(Long.MAX_VALUE).maxConnections()).isEqualTo(Integer.MAX_VALUE);
		assertThat(new MemoryDefaults(Long.MAX_VALUE).maxOpenRequests()).isEqualTo(Integer.MAX_VALUE);
	}

}
