package io.github.http3spring.netty.udp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Finds the addresses of the host from which a socket for all addresses does not answer.
 * The system chooses the address that such a socket sends from by the way to the
 * receiver: a client that has asked another drops the answer, as of somebody that it does
 * not know.
 */
public final class UnansweredAddresses {

	/**
	 * How many addresses are tried until one is found that is not of the host itself.
	 */
	private static final int MAX_NEIGHBOURS = 64;

	private static final int ANY_PORT = 9;

	private UnansweredAddresses() {
	}

	/**
	 * Find the addresses of this host.
	 * @return the addresses, as far as the system tells
	 */
	public static List<InetAddress> find() {
		try {
			List<Local> locals = NetworkInterface.networkInterfaces()
				.flatMap((networkInterface) -> networkInterface.getInterfaceAddresses().stream())
				.map((address) -> new Local(address.getAddress(), address.getNetworkPrefixLength()))
				.toList();
			return find(locals, UnansweredAddresses::sourceIfKnown);
		}
		catch (SocketException ex) {
			return List.of();
		}
	}

	/**
	 * Find the addresses of a host.
	 * @param locals all addresses of the host
	 * @param source returns the address that the host sends from to another, if there is
	 * a way
	 */
	public static List<InetAddress> find(Collection<Local> locals,
			Function<InetAddress, @Nullable InetAddress> source) {
		Set<InetAddress> own = locals.stream().map(Local::address).collect(Collectors.toSet());
		List<InetAddress> unanswered = new ArrayList<>();
		for (Local local : locals) {
			InetAddress neighbour = local.isOfANetwork() ? local.neighbour(own) : null;
			InetAddress chosen = (neighbour != null) ? source.apply(neighbour) : null;
			if (chosen != null && !chosen.equals(local.address())) {
				unanswered.add(local.address());
			}
		}
		return unanswered;
	}

	/**
	 * Return the addresses of this host, as far as the system tells.
	 */
	static List<InetAddress> locals() {
		try {
			return NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses).toList();
		}
		catch (SocketException ex) {
			return List.of();
		}
	}

	private static @Nullable InetAddress sourceIfKnown(InetAddress receiver) {
		try {
			return source(receiver);
		}
		catch (IOException ex) {
			return null;
		}
	}

	/**
	 * Return the address that the system sends from, without sending anything.
	 * @param receiver the address that would be sent to
	 */
	static InetAddress source(InetAddress receiver) throws IOException {
		try (DatagramChannel channel = DatagramChannel.open()) {
			channel.connect(new InetSocketAddress(receiver, ANY_PORT));
			return ((InetSocketAddress) channel.getLocalAddress()).getAddress();
		}
	}

	/**
	 * An address of the host.
	 *
	 * @param address the address
	 * @param prefixLength how many of its bits are those of its network
	 */
	record Local(InetAddress address, int prefixLength) {

		boolean isOfANetwork() {
			return !this.address.isLoopbackAddress() && !this.address.isLinkLocalAddress();
		}

		/**
		 * Return another address of the same network.
		 * @param own the addresses of the host
		 */
		@Nullable InetAddress neighbour(Set<InetAddress> own) {
			byte[] bytes = this.address.getAddress();
			int hostBits = Math.min(Byte.SIZE, bytes.length * Byte.SIZE - this.prefixLength);
			int last = bytes[bytes.length - 1];
			for (int number = 1; number < Math.min(MAX_NEIGHBOURS, 1 << Math.max(0, hostBits)); number++) {
				bytes[bytes.length - 1] = (byte) (last ^ number);
				InetAddress neighbour = address(bytes);
				if (!own.contains(neighbour)) {
					return neighbour;
				}
			}
			return null;
		}

		private static InetAddress address(byte[] bytes) {
			try {
				return InetAddress.getByAddress(bytes);
			}
			catch (UnknownHostException ex) {
				throw new IllegalArgumentException(ex);
			}
		}

	}

}
