package io.github.http3spring.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionPathStats;
import io.netty.incubator.codec.quic.QuicConnectionStats;
import org.jspecify.annotations.Nullable;

/**
 * Decides which path quiche takes a packet for, and where the packets of its paths go, if
 * a client's address changes (RFC 9000 section 9).
 * <p>
 * quiche gives each address a path with recovery of its own. What was in flight on the
 * last one is then never declared lost, one lost frame of a path validation ends the
 * connection, and when all paths are used up there is silence. So the client's first
 * address stays quiche's path for everything; where its packets go is decided here. Of a
 * new address quiche gets to see one packet, which makes it validate the address with
 * PATH_CHALLENGE, and another one under a made-up address whenever that has to begin
 * again. Confined to the event loop of the connections.
 */
final class ClientPaths {

	/**
	 * Addresses that a client is remembered at, apart from its first one.
	 */
	static final int MAX_ADDRESSES = 8;

	/**
	 * Time after which the validation of an address is begun again; doubled each time.
	 * RFC 9000 section 8.2.4 takes three probe timeouts, of which nothing is known here:
	 * until then, little can be sent.
	 */
	static final Duration FIRST_TIMEOUT = Duration.ofMillis(100);

	/**
	 * Bytes that may be sent for each one that was received (RFC 9000 section 9.3.1).
	 */
	private static final int AMPLIFICATION = 3;

	/**
	 * Bytes that a host gets without that, of which another port is validated: the
	 * initial window of RFC 9002 section 7.2.
	 */
	static final int HOST_CREDIT = 12_000;

	/**
	 * Time after which such a host gets a probe. Without any, nobody would send anything
	 * any more if a challenge is lost and the client waits for the rest of a response.
	 */
	static final Duration PROBE_INTERVAL = Duration.ofMillis(100);

	/**
	 * Size of a probe (RFC 9002 section 6.2.4).
	 */
	private static final int PROBE = 2 * 1500;

	/**
	 * What quiche says of a path whose owner has answered a challenge.
	 */
	private static final int STATE_VALIDATED = 2;

	private static final int STATE_FAILED = -1;

	private final InetSocketAddress home;

	private final int maxPaths;

	private final LongSupplier nanoTime;

	private final Map<InetSocketAddress, Address> addresses = new LinkedHashMap<>();

	/**
	 * The address that packets are sent to, none for the first one.
	 */
	private @Nullable Address current;

	/**
	 * Addresses by which the client is known to its socket.
	 */
	private final Set<InetSocketAddress> names = new HashSet<>();

	private int connections;

	private int madeUp;

	private boolean usedUp;

	private boolean shared;

	private @Nullable Reading reading;

	/**
	 * Create the paths of a client that has not moved.
	 * @param home its first address
	 * @param maxPaths the number of paths that quiche keeps
	 * @param nanoTime tells the time
	 */
	ClientPaths(InetSocketAddress home, int maxPaths, LongSupplier nanoTime) {
		this.home = home;
		this.maxPaths = maxPaths;
		this.nanoTime = nanoTime;
	}

	InetSocketAddress home() {
		return this.home;
	}

	Set<InetSocketAddress> names() {
		return this.names;
	}

	void connectionAdded() {
		this.connections++;
	}

	/**
	 * Note that a connection of the client has ended.
	 * @return whether it was the last one
	 */
	boolean connectionRemoved() {
		return --this.connections == 0;
	}

	/**
	 * Note that the first address is also one that another client has moved to.
	 */
	void share() {
		this.shared = true;
	}

	/**
	 * Return whether a packet from its first address may need to be looked at.
	 */
	boolean hasMoved() {
		return this.shared || !this.addresses.isEmpty();
	}

	boolean knows(InetSocketAddress sender) {
		return sender.equals(this.home) || this.addresses.containsKey(sender);
	}

	/**
	 * Return the address that packets are sent to.
	 */
	InetSocketAddress current() {
		return (this.current != null) ? this.current.address : this.home;
	}

	/**
	 * Decide which path a packet is for, before the codec reads it.
	 * @param sender where it came from
	 * @param length the length of the datagram
	 * @param channel its connection
	 * @return the address that the codec is to know the sender by
	 */
	InetSocketAddress beforeRead(InetSocketAddress sender, int length, QuicChannel channel) {
		if (sender.equals(this.home)) {
			this.reading = new Reading(channel, null, this.home, packets(channel));
			return this.home;
		}
		Address address = this.addresses.get(sender);
		if (address == null) {
			address = new Address(sender, channel);
		}
		address.received += length;
		InetSocketAddress path = path(address, channel);
		this.reading = new Reading(channel, address, path, (address != this.current) ? packets(channel) : 0);
		return path;
	}

	private InetSocketAddress path(Address address, QuicChannel channel) {
		if (address.channel != channel || this.usedUp) {
			return this.home;
		}
		if (!address.adopted && !isFailed(address)) {
			return address.path;
		}
		if (!address.validated && this.nanoTime.getAsLong() - address.retryAt >= 0) {
			address.path = makeUp(address.address);
			address.begin(this.nanoTime.getAsLong());
			return address.path;
		}
		return this.home;
	}

	private static boolean isFailed(Address address) {
		QuicConnectionPathStats path = find(address.channel, address.path);
		return path != null && path.validationState() == STATE_FAILED;
	}

	/**
	 * Make up an address that nobody can have (RFC 1112 section 4, RFC 6666).
	 */
	private InetSocketAddress makeUp(InetSocketAddress address) {
		byte[] bytes = new byte[address.getAddress().getAddress().length];
		bytes[0] = (byte) ((bytes.length == Integer.BYTES) ? 240 : 1);
		int number = this.madeUp++;
		ByteBuffer.wrap(bytes).putShort(bytes.length - Short.BYTES, (short) System.identityHashCode(this));
		try {
			return new InetSocketAddress(InetAddress.getByAddress(bytes), 1 + (number & 0x7fff));
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Look at what has become of the packet, after the codec has read it.
	 */
	Change afterRead() {
		Reading read = this.reading;
		this.reading = null;
		if (read == null || !read.channel.isOpen()) {
			return Change.NONE;
		}
		Address address = read.address;
		if (address == null) {
			return (this.current != null && packets(read.channel) > read.packets) ? moveTo(null) : Change.NONE;
		}
		return read.path.equals(this.home) ? readAtHome(read, address) : readApart(read, address);
	}

	private Change readAtHome(Reading read, Address address) {
		Change change = Change.NONE;
		if (address != this.current && packets(read.channel) > read.packets) {
			change = moveTo(address);
		}
		return checkValidated(address) ? Change.MOVED : change;
	}

	/**
	 * Believe quiche, which has decrypted the packet, whether it was the newest one and
	 * no mere probe: then its path is the active one (RFC 9000 section 9.3).
	 */
	private Change readApart(Reading read, Address address) {
		QuicConnectionPathStats path = find(read.channel, read.path);
		QuicConnectionStats stats = QuicStatistics.of(read.channel);
		if (path == null || stats == null) {
			// Not from the client, or there is no room for one more path
			this.usedUp = stats != null && stats.pathsCount() >= this.maxPaths;
			return this.usedUp ? Change.USED_UP : Change.NONE;
		}
		remember(address);
		if (path.active()) {
			if (!address.adopted) {
				address.adopted = true;
				address.begin(this.nanoTime.getAsLong());
			}
			moveTo(address);
		}
		this.usedUp = stats.pathsCount() >= this.maxPaths;
		if (stats.pathsCount() >= this.maxPaths - this.maxPaths / 8) {
			return Change.USED_UP;
		}
		return checkValidated(address) ? Change.MOVED : Change.NONE;
	}

	private void remember(Address address) {
		if (this.addresses.putIfAbsent(address.address, address) == null && this.addresses.size() > MAX_ADDRESSES) {
			Iterator<Address> eldest = this.addresses.values().iterator();
			Address candidate = eldest.next();
			if (candidate == this.current) {
				candidate = eldest.next();
			}
			eldest.remove();
		}
	}

	private Change moveTo(@Nullable Address address) {
		this.current = address;
		if (address != null) {
			address.adopted = true;
			remember(address);
		}
		return (address == null || address.validated) ? Change.MOVED : Change.NONE;
	}

	/**
	 * Return whether the client has now shown that it owns an address.
	 */
	private static boolean checkValidated(Address address) {
		if (address.validated || !address.adopted) {
			return false;
		}
		QuicConnectionPathStats path = find(address.channel, address.path);
		address.validated = path != null && path.validationState() >= STATE_VALIDATED;
		return address.validated;
	}

	private static @Nullable QuicConnectionPathStats find(QuicChannel channel, InetSocketAddress peer) {
		QuicConnectionStats stats = channel.isOpen() ? QuicStatistics.of(channel) : null;
		if (stats == null) {
			return null;
		}
		for (int index = (int) stats.pathsCount() - 1; index >= 0; index--) {
			QuicConnectionPathStats path = QuicStatistics.path(channel, index);
			if (path != null && isSame(path.peerAddress(), peer)) {
				return path;
			}
		}
		return null;
	}

	/**
	 * Compare addresses, of which the codec's has the bytes of its port swapped.
	 */
	private static boolean isSame(InetSocketAddress swapped, InetSocketAddress address) {
		return Short.reverseBytes((short) swapped.getPort()) == (short) address.getPort()
				&& swapped.getAddress().equals(address.getAddress());
	}

	private static long packets(QuicChannel channel) {
		QuicConnectionStats stats = channel.isOpen() ? QuicStatistics.of(channel) : null;
		return (stats != null) ? stats.recv() : 0;
	}

	/**
	 * Decide where a packet goes.
	 * @param path the address of the codec's path
	 * @param length the bytes of its datagrams
	 * @return the address, {@code null} if it gets no more until it is validated
	 */
	@Nullable InetSocketAddress recipient(InetSocketAddress path, int length) {
		Reading read = this.reading;
		Address address = this.current;
		if (!path.equals(this.home)) {
			address = find(path);
			if (address == null && read != null && read.path.equals(path)) {
				address = read.address;
			}
		}
		if (address == null) {
			return path.equals(this.home) ? this.home : null;
		}
		if (!address.validated) {
			// quiche limits what it sends on other paths than the first one by itself
			if (path.equals(this.home) && !checkValidated(address) && !mayGet(address, length)) {
				return null;
			}
			address.sent += length;
			address.sentAt = this.nanoTime.getAsLong();
		}
		return address.address;
	}

	private boolean mayGet(Address address, int length) {
		boolean host = address.address.getAddress().equals(this.home.getAddress());
		if (address.sent + length <= AMPLIFICATION * address.received + (host ? HOST_CREDIT : 0)) {
			return true;
		}
		return host && length <= PROBE && this.nanoTime.getAsLong() - address.sentAt >= PROBE_INTERVAL.toNanos();
	}

	private @Nullable Address find(InetSocketAddress path) {
		for (Address address : this.addresses.values()) {
			if (address.address.equals(path) || address.path.equals(path)) {
				return address;
			}
		}
		return null;
	}

	/**
	 * What a packet has changed, told to the connection as an event.
	 */
	enum Change {

		/**
		 * Nothing.
		 */
		NONE,

		/**
		 * The client has shown that it owns another address, to which packets are sent.
		 */
		MOVED,

		/**
		 * quiche has no path for one more address.
		 */
		USED_UP

	}

	/**
	 * The packet that is being read.
	 */
	private record Reading(QuicChannel channel, @Nullable Address address, InetSocketAddress path, long packets) {

	}

	/**
	 * An address that the client has come to.
	 */
	private static final class Address {

		private final InetSocketAddress address;

		private final QuicChannel channel;

		/**
		 * The address by which quiche knows the path that it validates.
		 */
		private InetSocketAddress path;

		/**
		 * Whether packets were sent to it, or would be.
		 */
		private boolean adopted;

		private boolean validated;

		private long received;

		private long sent;

		private long sentAt;

		private long timeout = FIRST_TIMEOUT.toNanos();

		private long retryAt;

		Address(InetSocketAddress address, QuicChannel channel) {
			this.address = address;
			this.channel = channel;
			this.path = address;
		}

		void begin(long now) {
			this.retryAt = now + this.timeout;
			this.timeout *= 2;
		}

	}

}
