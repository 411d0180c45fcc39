package io.github.http3spring.netty;

import java.util.ArrayList;
import java.util.List;

import io.github.http3spring.netty.settings.UdpBuffers;
import io.github.http3spring.server.Http3ServerRuntime;

/**
 * What the log says of a server that has started: one line with what it runs on, and a
 * warning for each thing that is missing or less than asked for.
 *
 * @param port the UDP port
 * @param runtime what the server runs on
 * @param linux whether the system is Linux
 * @param nativeTransport whether Netty's native transport is wanted, as it is by default
 * @param codecReplaced whether the QUIC codec is ours
 * @param deliveryKnown whether quiche tells what clients have acknowledged
 * @param asked the UDP buffers that were asked for
 * @param granted the UDP buffers of the socket
 */
record StartUpReport(int port, Http3ServerRuntime runtime, boolean linux, boolean nativeTransport,
		boolean codecReplaced, boolean deliveryKnown, UdpBuffers asked, UdpBuffers granted) {

	private static final int KILOBYTE = 1 << 10;

	private static final int MEGABYTE = 1 << 20;

	/**
	 * Return the warnings.
	 * @return whole sentences, one to a line
	 */
	List<String> warnings() {
		List<String> warnings = new ArrayList<>();
		if (!this.codecReplaced) {
			warnings.add("This version of Reactor Netty does not let its QUIC codec be replaced: the HTTP/3 server "
					+ "ignores most http3.server.quic properties, has no GSO and does not read the control streams of "
					+ "clients");
		}
		if (!this.deliveryKnown) {
			warnings.add("This version of Netty's QUIC codec does not tell what clients have acknowledged: each "
					+ "HTTP/3 connection with requests stays open for the grace period when the server shuts down");
		}
		if (this.linux && this.nativeTransport && "nio".equals(this.runtime.transport())) {
			warnings
				.add("Netty's native epoll transport is missing: the HTTP/3 server uses a socket of Java, which has "
						+ "no GSO and takes more CPU. Add the dependency 'io.netty:netty-transport-native-epoll' with the "
						+ "classifier 'linux-x86_64' or 'linux-aarch_64'");
		}
		if (!this.granted.satisfies(this.asked)) {
			warnings.add(smallBuffers());
		}
		return warnings;
	}

	private String smallBuffers() {
		List<String> buffers = new ArrayList<>();
		List<String> limits = new ArrayList<>();
		if (this.granted.receive() < this.asked.receive()) {
			buffers.add(size(this.granted.receive()) + " instead of " + size(this.asked.receive()) + " to receive");
			limits.add("net.core.rmem_max=" + this.asked.receive());
		}
		if (this.granted.send() < this.asked.send()) {
			buffers.add(size(this.granted.send()) + " instead of " + size(this.asked.send()) + " to send");
			limits.add("net.core.wmem_max=" + this.asked.send());
		}
		return "UDP socket buffers of the HTTP/3 server are smaller than asked for (" + String.join(", ", buffers)
				+ "), which loses packets of bursts. "
				+ (this.linux ? "Raise the limit with 'sysctl -w " + String.join(" ", limits) + "'"
						: "Raise the limit of the system")
				+ ", or set 'http3.server.udp.receive-buffer-size' and 'http3.server.udp.send-buffer-size' to what it "
				+ "grants";
	}

	/**
	 * Return the line.
	 */
	@Override
	public String toString() {
		String version = this.runtime.quicheVersion();
		return String.format(
				"HTTP/3 started on UDP port %d (%s, %d %s, quiche %s, GSO %s, UDP buffers %s receive, %s send)",
				this.port, this.runtime.transport(), this.runtime.workers(),
				(this.runtime.workers() == 1) ? "worker" : "workers",
				(version != null) ? version : "of unknown version", this.runtime.gso() ? "on" : "off",
				size(this.granted.receive()), size(this.granted.send()));
	}

	private static String size(int bytes) {
		if (bytes >= MEGABYTE && bytes % MEGABYTE == 0) {
			return bytes / MEGABYTE + " MB";
		}
		return (bytes >= KILOBYTE) ? bytes / KILOBYTE + " KB" : bytes + " B";
	}

}
