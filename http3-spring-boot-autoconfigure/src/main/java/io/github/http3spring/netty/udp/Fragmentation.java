package io.github.http3spring.netty.udp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.IntegerUnixChannelOption;

/**
 * Keeps datagrams from being cut into fragments on their way (RFC 9000 section 14), so
 * that a probe that is larger than the path carries is lost. On Linux with epoll;
 * elsewhere Java cannot set that.
 * <p>
 * Nor may the kernel heed what routers tell about the path to one client: it would refuse
 * segments that are larger, and segmentation would be off for all clients.
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

	private Fragmentation() {
	}

	/**
	 * Forbid it.
	 * @param channel a socket, bound or not
	 */
	public static void forbid(Channel channel) {
		if (UdpTransport.isEpoll(channel)) {
			set(channel, IPV4);
			set(channel, IPV6);
		}
	}

	private static void set(Channel channel, IntegerUnixChannelOption option) {
		try {
			channel.config().setOption(option, PROBE);
		}
		catch (ChannelException ex) {
			// A socket without that version of IP
		}
	}

}
