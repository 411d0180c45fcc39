package io.github.http3spring.netty.udp;

import java.net.StandardSocketOptions;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.internal.PlatformDependent;

/**
 * Lets several sockets listen on one port, among which Linux distributes clients by their
 * address and port (SO_REUSEPORT). Where it is not Linux, one of them would get
 * everything.
 * <p>
 * The first socket is bound without this, and shares its port afterwards: so another
 * server finds the port taken, instead of taking a part of the clients away.
 */
public final class SharedPort {

	private SharedPort() {
	}

	/**
	 * Return whether a port can be shared.
	 * @param channel a socket of the kind in question
	 */
	public static boolean isPossible(Channel channel) {
		return UdpTransport.isEpoll(channel)
				|| (UdpTransport.isNio(channel) && PlatformDependent.normalizedOs().equals("linux"));
	}

	/**
	 * Let a socket share its port, with those that were bound before and those to come.
	 * @param channel the socket, for which it is possible
	 * @return whether the system allows it
	 */
	public static boolean share(DatagramChannel channel) {
		ChannelOption<Boolean> option = UdpTransport.isEpoll(channel) ? UnixChannelOption.SO_REUSEPORT
				: NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT);
		try {
			return channel.config().setOption(option, true);
		}
		catch (ChannelException ex) {
			return false;
		}
	}

}
