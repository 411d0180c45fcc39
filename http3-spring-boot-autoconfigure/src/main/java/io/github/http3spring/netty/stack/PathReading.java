package io.github.http3spring.netty.stack;

import java.time.Duration;

import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionPathStats;
import io.netty.incubator.codec.quic.QuicConnectionStats;
import org.jspecify.annotations.Nullable;

/**
 * What quiche tells at a moment of how packets fare on the active path of a connection.
 * Packets and bytes are those of all paths together: of a single path it never counts the
 * bytes that were lost, and those of another one have nothing to do with the last look.
 *
 * @param inFlight whether something has not been acknowledged
 * @param roundTripTime the smoothed round-trip time in nanoseconds, which changes with
 * each acknowledgement
 * @param maxDatagramSize the largest UDP payload that quiche takes the path to carry
 * @param sent the number of packets that were sent
 * @param sentBytes the number of bytes in these
 * @param lost how many packets were declared lost, probes for the size of the path aside
 * @param lostBytes the number of bytes in these
 */
public record PathReading(boolean inFlight, long roundTripTime, long maxDatagramSize, long sent, long sentBytes,
		long lost, long lostBytes) {

	/**
	 * Read what there is. Called on the event loop of the connection.
	 * @param channel the connection
	 * @param maxIdleTimeout the idle timeout that we have announced, zero for none
	 * @return the reading, {@code null} if the connection has ended
	 */
	public static @Nullable PathReading of(QuicChannel channel, Duration maxIdleTimeout) {
		QuicConnectionStats stats = QuicStatistics.of(channel);
		QuicConnectionPathStats path = (stats != null) ? QuicStatistics.activePath(channel, stats) : null;
		if (path == null) {
			return null;
		}
		boolean inFlight = QuicheTimers.isInFlight(channel, PathTiming.maxProbeTimeout(channel, maxIdleTimeout));
		return new PathReading(inFlight, path.rtt(), path.pmtu(), stats.sent(), stats.sentBytes(), stats.lost(),
				stats.lostBytes());
	}

}
