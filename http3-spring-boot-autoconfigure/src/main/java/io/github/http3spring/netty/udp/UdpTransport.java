package io.github.http3spring.netty.udp;

import java.util.Locale;

import io.netty.channel.Channel;

/**
 * Tells what a UDP socket is made of. By its name: the classes of native transports may
 * not be on the class path.
 */
public final class UdpTransport {

	private static final String EPOLL = "epoll";

	private static final String NIO = "nio";

	private UdpTransport() {
	}

	/**
	 * Return the kind of a socket: {@code nio}, {@code epoll} or {@code kqueue}.
	 */
	public static String of(Channel channel) {
		return channel.getClass().getSimpleName().replace("DatagramChannel", "").toLowerCase(Locale.ROOT);
	}

	/**
	 * Return whether a socket is one of Netty's epoll transport.
	 */
	public static boolean isEpoll(Channel channel) {
		return of(channel).equals(EPOLL);
	}

	static boolean isNio(Channel channel) {
		return of(channel).equals(NIO);
	}

}
