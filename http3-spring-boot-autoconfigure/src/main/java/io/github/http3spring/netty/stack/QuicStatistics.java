package io.github.http3spring.netty.stack;

import java.net.InetSocketAddress;

import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionPathStats;
import io.netty.incubator.codec.quic.QuicConnectionStats;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Reads the statistics of quiche at once. Called on the event loop of the connection,
 * where the codec's futures are complete when they are returned.
 */
public final class QuicStatistics {

	private QuicStatistics() {
	}

	/**
	 * Return the statistics of a connection.
	 * @return the statistics, {@code null} if there are none any more
	 */
	public static @Nullable QuicConnectionStats of(QuicChannel channel) {
		return now(channel.collectStats());
	}

	/**
	 * Return the statistics of the path that is in use.
	 * @param channel the connection
	 * @param stats the statistics of the connection
	 * @return the statistics, {@code null} if no path is in use
	 */
	public static @Nullable QuicConnectionPathStats activePath(QuicChannel channel, QuicConnectionStats stats) {
		for (int index = 0; index < stats.pathsCount(); index++) {
			QuicConnectionPathStats path = path(channel, index);
			if (path != null && path.active()) {
				return path;
			}
		}
		return null;
	}

	/**
	 * Return the statistics of one of the paths.
	 * @param index counts the paths from 0
	 * @return the statistics, {@code null} if there is no such path
	 */
	public static @Nullable QuicConnectionPathStats path(QuicChannel channel, int index) {
		return now(channel.collectPathStats(index));
	}

	/**
	 * Return the statistics of the latest path to an address.
	 * @param peer the address of the peer
	 * @return the statistics, {@code null} if there is no such path
	 */
	public static @Nullable QuicConnectionPathStats path(QuicChannel channel, InetSocketAddress peer) {
		QuicConnectionStats stats = channel.isOpen() ? of(channel) : null;
		if (stats == null) {
			return null;
		}
		for (int index = (int) stats.pathsCount() - 1; index >= 0; index--) {
			QuicConnectionPathStats path = path(channel, index);
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

	private static <T> @Nullable T now(Future<T> statistics) {
		return statistics.isSuccess() ? statistics.getNow() : null;
	}

}
