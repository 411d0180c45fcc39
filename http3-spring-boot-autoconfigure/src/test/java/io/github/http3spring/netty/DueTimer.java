package io.github.http3spring.netty;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.UdpProxy;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireStream;

import static io.github.http3spring.TestFutures.get;
import static org.awaitility.Awaitility.await;

/**
 * A response of two packets whose first one is lost, and the timer that finds it lost
 * (RFC 9002 section 6.1.2) comes due while the event loop of the server is busy, after
 * which it processes a datagram of this connection before it looks at its timers.
 */
final class DueTimer {

	private static final int SIZE = 2000;

	/**
	 * A packet is lost after 9/8 of a round-trip time.
	 */
	private static final Duration ONE_WAY = Duration.ofMillis(100);

	/**
	 * Until 35 ms after that.
	 */
	private static final Duration BUSY = Duration.ofMillis(60);

	/**
	 * When 15 ms of that are left.
	 */
	private static final Duration NEXT_DATAGRAM = ONE_WAY.plusMillis(45);

	private DueTimer() {
	}

	/**
	 * Ask for the response.
	 * @return whether it is complete after three seconds
	 */
	static boolean isResponseComplete(InetSocketAddress server, WireClient client) throws Exception {
		try (UdpProxy proxy = UdpProxy.to(server)) {
			for (Direction direction : Direction.values()) {
				proxy.delay(direction, ONE_WAY, Duration.ZERO);
			}
			WireConnection busy = get(client.connect(server));
			WireConnection connection = get(client.connect(proxy.address()));
			WireStream upload = connection.request("POST", "/count", Map.of());
			awaitSilence(proxy);
			proxy.dropNext(Direction.TO_CLIENT, 1);
			WireStream download = connection.get("/whole/" + SIZE);
			awaitQuickly(() -> proxy.dropped(Direction.TO_CLIENT) == 1);
			long forwarded = proxy.forwarded(Direction.TO_SERVER);
			// The acknowledgement, if this thread has not been kept from seeing it wait
			awaitQuickly(
					() -> proxy.pending(Direction.TO_SERVER) > 0 || proxy.forwarded(Direction.TO_SERVER) > forwarded);
			proxy.delay(Direction.TO_SERVER, NEXT_DATAGRAM, Duration.ZERO);
			upload.write(new byte[1]);
			awaitQuickly(() -> proxy.forwarded(Direction.TO_SERVER) > forwarded);
			busy.get("/block?millis=" + BUSY.toMillis());
			return isComplete(download);
		}
	}

	private static void awaitQuickly(Callable<Boolean> condition) {
		await().pollInterval(Duration.ofMillis(1)).until(condition);
	}

	/**
	 * Await that neither side has anything on its way or to acknowledge.
	 */
	private static void awaitSilence(UdpProxy proxy) {
		long[] last = new long[1];
		await().pollInterval(ONE_WAY.multipliedBy(3)).until(() -> {
			long forwarded = proxy.forwarded(Direction.TO_CLIENT) + proxy.forwarded(Direction.TO_SERVER);
			boolean silent = forwarded == last[0];
			last[0] = forwarded;
			return silent;
		});
	}

	private static boolean isComplete(WireStream download) throws Exception {
		try {
			return download.response().get(3, TimeUnit.SECONDS).bodyLength() == SIZE;
		}
		catch (TimeoutException ex) {
			return false;
		}
	}

}
