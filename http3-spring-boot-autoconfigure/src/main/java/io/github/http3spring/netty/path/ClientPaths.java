package io.github.http3spring.netty.path;

import java.net.InetSocketAddress;
import java.util.function.LongSupplier;

import io.github.http3spring.netty.stack.QuicStatistics;
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
public final class ClientPaths {

	private final ClientAddresses addresses;

	private final MadeUpAddresses madeUp = new MadeUpAddresses();

	private final int maxPaths;

	private final LongSupplier nanoTime;

	private boolean usedUp;

	private @Nullable Reading reading;

	/**
	 * Create the paths of a client.
	 * @param addresses where it is
	 * @param maxPaths the number of paths that quiche keeps
	 * @param nanoTime tells the time
	 */
	ClientPaths(ClientAddresses addresses, int maxPaths, LongSupplier nanoTime) {
		this.addresses = addresses;
		this.maxPaths = maxPaths;
		this.nanoTime = nanoTime;
	}

	private InetSocketAddress home() {
		return this.addresses.home();
	}

	/**
	 * Decide which path a packet is for, before the codec reads it.
	 * @param sender where it came from
	 * @param length the length of the datagram
	 * @param channel its connection
	 * @return the address that the codec is to know the sender by
	 */
	InetSocketAddress beforeRead(InetSocketAddress sender, int length, QuicChannel channel) {
		if (sender.equals(home())) {
			this.reading = new Reading(channel, null, sender, packets(channel));
			return sender;
		}
		ClientAddress address = this.addresses.get(sender);
		if (address == null) {
			address = new ClientAddress(sender, channel, sender.getAddress().equals(home().getAddress()));
		}
		address.received(length);
		InetSocketAddress path = path(address, channel);
		boolean known = address == this.addresses.current();
		this.reading = new Reading(channel, address, path, known ? 0 : packets(channel));
		return path;
	}

	private InetSocketAddress path(ClientAddress address, QuicChannel channel) {
		if (address.channel() != channel || this.usedUp) {
			return home();
		}
		if (!address.isAdopted() && !address.isFailed()) {
			return address.path();
		}
		long now = this.nanoTime.getAsLong();
		if (address.isRetryDue(now)) {
			address.validateAgain(this.madeUp.next(address.address()), now);
			return address.path();
		}
		return home();
	}

	/**
	 * Look at what has become of the packet, after the codec has read it.
	 */
	AddressChange afterRead() {
		Reading read = this.reading;
		this.reading = null;
		if (read == null || !read.channel.isOpen()) {
			return AddressChange.NONE;
		}
		ClientAddress address = read.address;
		if (address != null && !read.path.equals(home())) {
			return readApart(read, address);
		}
		AddressChange change = AddressChange.NONE;
		if (address != this.addresses.current() && packets(read.channel) > read.packets) {
			change = moveTo(address);
		}
		return (address != null && address.checkValidated()) ? AddressChange.MOVED : change;
	}

	/**
	 * Believe quiche, which has decrypted the packet, whether it was the newest one and
	 * no mere probe: then its path is the active one (RFC 9000 section 9.3).
	 */
	private AddressChange readApart(Reading read, ClientAddress address) {
		QuicConnectionPathStats path = QuicStatistics.path(read.channel, read.path);
		QuicConnectionStats stats = QuicStatistics.of(read.channel);
		if (path == null || stats == null) {
			// Not from the client, or there is no room for one more path
			this.usedUp = stats != null && stats.pathsCount() >= this.maxPaths;
			return this.usedUp ? AddressChange.USED_UP : AddressChange.NONE;
		}
		this.addresses.add(address);
		if (path.active()) {
			if (!address.isAdopted()) {
				address.validationBegun(this.nanoTime.getAsLong());
			}
			moveTo(address);
		}
		this.usedUp = stats.pathsCount() >= this.maxPaths;
		if (stats.pathsCount() >= this.maxPaths - this.maxPaths / 8) {
			return AddressChange.USED_UP;
		}
		return address.checkValidated() ? AddressChange.MOVED : AddressChange.NONE;
	}

	private AddressChange moveTo(@Nullable ClientAddress address) {
		this.addresses.moveTo(address);
		return (address == null || address.isValidated()) ? AddressChange.MOVED : AddressChange.NONE;
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
		boolean main = path.equals(home());
		ClientAddress address = main ? this.addresses.current() : ofPath(path);
		if (address == null) {
			return main ? path : null;
		}
		if (!address.isValidated()) {
			long now = this.nanoTime.getAsLong();
			// quiche limits what it sends on other paths than the first one by itself
			if (main && !address.checkValidated() && !address.mayGet(length, now)) {
				return null;
			}
			address.sent(length, now);
		}
		return address.address();
	}

	private @Nullable ClientAddress ofPath(InetSocketAddress path) {
		ClientAddress address = this.addresses.findByPath(path);
		Reading read = this.reading;
		return (address == null && read != null && read.path.equals(path)) ? read.address : address;
	}

	/**
	 * The packet that is being read.
	 */
	private record Reading(QuicChannel channel, @Nullable ClientAddress address, InetSocketAddress path, long packets) {

	}

}
