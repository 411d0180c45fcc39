package io.github.http3spring.netty.udp;

import java.util.Optional;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;

/**
 * Keeps datagrams from being cut into fragments on their way (RFC 9000 section 14), so
 * that a probe that is larger than the path carries is lost. On Linux with epoll;
 * elsewhere Java can since version 19.
 * <p>
 * Nor may the kernel heed what routers tell about the path to one client: it would refuse
 * segments that are larger.
 */
public final class Fragmentation {

	private static final int IPPROTO_IP = 0;

	private static final int IP_MTU_DISCOVER = 10;

	private static final int IPPROTO_IPV6 = 41;

	private static final int IPV6_MTU_DISCOVER = 23;

	/**
	 * The value {@code IP_PMTUDISC_PROBE}, which is that of IPv6 too: do not fragment,
	 * and ignore what is known of the path.
	 */
	static final int PROBE = 3;

	static final IntegerUnixChannelOption IPV4 = new IntegerUnixChannelOption("IP_MTU_DISCOVER", IPPROTO_IP,
			IP_MTU_DISCOVER);

	private static final IntegerUnixChannelOption IPV6 = new IntegerUnixChannelOption("IPV6_MTU_DISCOVER", IPPROTO_IPV6,
			IPV6_MTU_DISCOVER);

	/**
	 * The option of Java 19, which is for both versions of IP.
	 */
	private static final String DO_NOT_FRAGMENT = "IP_DONTFRAGMENT";

	private Fragmentation() {
	}

	/**
	 * Forbid it where that is possible.
	 * @param channel a socket, bound or not
	 */
	public static void forbid(Channel channel) {
		if (UdpTransport.isEpoll(channel)) {
			set(channel, IPV4, PROBE);
			set(channel, IPV6, PROBE);
		}
		else {
			doNotFragment(channel).ifPresent((option) -> set(channel, option, true));
		}
	}

	/**
	 * Return whether it is possible to forbid it.
	 * @param channel a socket
	 */
	public static boolean canBeForbidden(Channel channel) {
		return UdpTransport.isEpoll(channel) || doNotFragment(channel).isPresent();
	}

	@SuppressWarnings("unchecked")
	private static Optional<ChannelOption<Boolean>> doNotFragment(Channel channel) {
		return channel.config()
			.getOptions()
			.keySet()
			.stream()
			.filter((option) -> option.name().equals(DO_NOT_FRAGMENT))
			.map((option) -> (ChannelOption<Boolean>) option)
			.findFirst();
	}

	private static <T> void set(Channel channel, ChannelOption<T> option, T value) {
		try {
			channel.config().setOption(option, value);
		}
		catch (ChannelException ex) {
			// A socket without that version of IP
		}
	}

}
