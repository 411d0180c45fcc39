package io.github.http3spring.netty;

import io.github.http3spring.netty.settings.UdpBuffers;
import io.github.http3spring.server.Http3ServerRuntime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StartUpReport}.
 */
class StartUpReportTests {

	private static final int MEGABYTE = 1 << 20;

	private static final UdpBuffers ASKED = new UdpBuffers(2 * MEGABYTE, 4 * MEGABYTE);

	@Test
	void lineTellsWhatTheServerRunsOn() {
		assertThat(report("epoll", true, true, true, ASKED)).hasToString(
				"HTTP/3 started on UDP port 8443 (epoll, 1 worker, quiche 1.2.3, GSO on, UDP buffers 2 MB receive, "
						+ "4 MB send)");
		Http3ServerRuntime runtime = new Http3ServerRuntime(true, null, "nio", 2, false, 0, 0);
		assertThat(new StartUpReport(1, runtime, true, true, true, true, ASKED, new UdpBuffers(212_992, 1000)))
			.hasToString(
					"HTTP/3 started on UDP port 1 (nio, 2 workers, quiche of unknown version, GSO off, UDP buffers 208 KB "
							+ "receive, 1000 B send)");
	}

	@Test
	void transportThatIsNotWantedIsNotMissed() {
		Http3ServerRuntime runtime = new Http3ServerRuntime(true, "1.2.3", "nio", 1, false, ASKED.receive(),
				ASKED.send());
		assertThat(new StartUpReport(1, runtime, true, false, true, true, ASKED, ASKED).warnings()).isEmpty();
		assertThat(new StartUpReport(1, runtime, true, true, true, true, ASKED, ASKED).warnings()).hasSize(1);
	}

	@Test
	void nothingIsWarnedOfWhenNothingIsMissing() {
		assertThat(report("epoll", true, true, true, ASKED).warnings()).isEmpty();
		assertThat(report("nio", true, true, true, ASKED).warnings()).hasSize(1);
		assertThat(report("epoll", true, true, true, new UdpBuffers(8 * MEGABYTE, 8 * MEGABYTE)).warnings()).isEmpty();
	}

	@Test
	void codecThatCannotBeReplacedIsWarnedOf() {
		assertThat(report("epoll", true, false, true, ASKED).warnings()).singleElement()
			.asString()
			.contains("Reactor Netty", "http3.server.quic");
	}

	@Test
	void deliveryThatIsNotKnownIsWarnedOf() {
		assertThat(report("epoll", true, true, false, ASKED).warnings()).singleElement()
			.asString()
			.contains("acknowledged", "grace period");
	}

	@Test
	void missingEpollIsWarnedOfOnLinuxOnly() {
		assertThat(report("nio", true, true, true, ASKED).warnings()).singleElement()
			.asString()
			.contains("no GSO", "'io.netty:netty-transport-native-epoll'", "'linux-x86_64' or 'linux-aarch_64'");
		assertThat(report("nio", false, true, true, ASKED).warnings()).isEmpty();
		assertThat(report("kqueue", false, true, true, ASKED).warnings()).isEmpty();
	}

	@Test
	void smallBuffersAreWarnedOfOnceWithTheLimitsOfLinux() {
		assertThat(report("epoll", true, true, true, new UdpBuffers(212_992, 212_992)).warnings()).singleElement()
			.asString()
			.contains("208 KB instead of 2 MB to receive, 208 KB instead of 4 MB to send",
					"'sysctl -w net.core.rmem_max=2097152 net.core.wmem_max=4194304'",
					"'http3.server.udp.receive-buffer-size'", "'http3.server.udp.send-buffer-size'");
	}

	@Test
	void bufferThatIsLargeEnoughIsNotMentioned() {
		assertThat(report("epoll", true, true, true, new UdpBuffers(2 * MEGABYTE, 212_992)).warnings()).singleElement()
			.asString()
			.contains("(208 KB instead of 4 MB to send)", "'sysctl -w net.core.wmem_max=4194304'");
	}

	@Test
	void smallBuffersAreWarnedOfInPlainWordsElsewhere() {
		assertThat(report("nio", false, true, true, new UdpBuffers(212_992, 4 * MEGABYTE)).warnings()).singleElement()
			.asString()
			.contains("208 KB instead of 2 MB to receive", "limit of the system")
			.doesNotContain("sysctl", "to send");
	}

	private static StartUpReport report(String transport, boolean linux, boolean codecReplaced, boolean deliveryKnown,
			UdpBuffers granted) {
		Http3ServerRuntime runtime = new Http3ServerRuntime(true, "1.2.3", transport, 1, true, granted.receive(),
				granted.send());
		return new StartUpReport(8443, runtime, linux, true, codecReplaced, deliveryKnown, ASKED, granted);
	}

}
