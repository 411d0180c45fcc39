package io.github.http3spring.netty.udp;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Tells whether the system answers a client from the address that the client has asked,
 * of IPv4. To ask the system costs more than to process a packet, so it is not asked
 * about a host with a single address, and only now and then about the same client.
 * Confined to the event loop of the socket.
 */
final class AnsweringAddresses {

	/**
	 * Most clients of which the answer is remembered.
	 */
	static final int MAX_CLIENTS = 1024;

	/**
	 * How long an answer is good for: the ways to clients may change.
	 */
	static final Duration VALIDITY = Duration.ofSeconds(10);

	private final Source source;

	private final LongSupplier clock;

	private final Map<InetAddress, Answer> answers = new LinkedHashMap<>(16, 0.75f, true) {

		@Override
		protected boolean removeEldestEntry(Map.Entry<InetAddress, Answer> eldest) {
			return size() > MAX_CLIENTS;
		}

	};

	/**
	 * The one address of the host beside loopback, for as long as no other is asked.
	 */
	private @Nullable InetAddress only;

	/**
	 * Begin with a host.
	 * @param locals the addresses of the host
	 * @param source asks the system
	 * @param clock the time in nanoseconds
	 */
	AnsweringAddresses(List<InetAddress> locals, Source source, LongSupplier clock) {
		this.source = source;
		this.clock = clock;
		List<InetAddress> candidates = locals.stream()
			.filter((address) -> address instanceof Inet4Address && !address.isLoopbackAddress())
			.toList();
		this.only = (candidates.size() == 1) ? candidates.get(0) : null;
	}

	/**
	 * Return whether the system answers from the address that was asked.
	 * @param asked the address
	 * @param client who has asked
	 */
	boolean include(InetAddress asked, InetAddress client) {
		if (asked.equals(this.only) && !client.isLoopbackAddress()) {
			return true;
		}
		if (!asked.isLoopbackAddress() && !asked.equals(this.only)) {
			// The host has got another one
			this.only = null;
		}
		Answer answer = this.answers.get(client);
		long now = this.clock.getAsLong();
		if (answer == null || now - answer.time() > VALIDITY.toNanos()) {
			answer = new Answer(find(client), now);
			this.answers.put(client, answer);
		}
		return answer.address() == null || answer.address().equals(asked);
	}

	private @Nullable InetAddress find(InetAddress client) {
		try {
			return this.source.of(client);
		}
		catch (IOException ex) {
			// No way to that client
			return null;
		}
	}

	/**
	 * What the system has said.
	 *
	 * @param address the address that it would send from, {@code null} if none
	 * @param time when it has said so
	 */
	private record Answer(@Nullable InetAddress address, long time) {

	}

	/**
	 * Asks the system for the address that it sends from.
	 */
	@FunctionalInterface
	interface Source {

		InetAddress of(InetAddress receiver) throws IOException;

	}

}
