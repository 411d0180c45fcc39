package io.github.http3spring.benchmarks.machine;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SocketsTests {

	private static final List<String> LINES = List.of(
			"   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops",
			"  123: 0100007F:2553 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 7 2 0000000000000000 42",
			"  124: 0100007F:1234 0100007F:2553 07 00000000:00000000 00:00000000 00000000     0        0 8 2 0000000000000000 0");

	@Test
	void socketsAreFoundByTheirLocalPort() {
		assertThat(Sockets.rows(LINES, 0x2553)).singleElement().satisfies((row) -> {
			assertThat(row[1]).isEqualTo("0100007F:2553");
			assertThat(row[row.length - 1]).isEqualTo("42");
		});
		assertThat(Sockets.rows(LINES, 0x2554)).isEmpty();
	}

}
