package io.github.http3spring.actuate;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import org.jspecify.annotations.Nullable;

/**
 * Documents the meters of the HTTP/3 server. Requests are timed by Spring's
 * {@code http.server.requests}; what is counted here has no place there.
 */
public enum Http3ServerMeters implements MeterDocumentation {

	/**
	 * Connections that are open.
	 */
	CONNECTIONS_ACTIVE("http3.server.connections.active", Meter.Type.GAUGE, "connections"),

	/**
	 * Connections whose handshake was completed.
	 */
	CONNECTIONS_ACCEPTED("http3.server.connections.accepted", Meter.Type.COUNTER, "connections"),

	/**
	 * Connection attempts that were refused, during a shutdown or because of the limit.
	 */
	CONNECTIONS_REFUSED("http3.server.connections.refused", Meter.Type.COUNTER, "connections"),

	/**
	 * Connections that have ended, by outcome: "completed" without a loss, cut off at a
	 * "deadline", "closed_by_peer", "timed_out", or "vanished" during a shutdown.
	 */
	CONNECTIONS_CLOSED("http3.server.connections.closed", Meter.Type.COUNTER, "connections") {

		@Override
		public KeyName[] getKeyNames() {
			return new KeyName[] { Keys.OUTCOME };
		}

	},

	/**
	 * Connection attempts whose handshake was not done when they ended, or when their
	 * time was over.
	 */
	HANDSHAKE_FAILURES("http3.server.handshake.failures", Meter.Type.COUNTER, "connections"),

	/**
	 * Requests that are being served.
	 */
	REQUESTS_ACTIVE("http3.server.requests.active", Meter.Type.GAUGE, "requests"),

	/**
	 * Requests that have ended, by outcome: "completed" with a whole response, "rejected"
	 * unprocessed, or "cancelled" by the client, its loss or a deadline.
	 */
	REQUESTS_ENDED("http3.server.requests.ended", Meter.Type.COUNTER, "requests") {

		@Override
		public KeyName[] getKeyNames() {
			return new KeyName[] { Keys.OUTCOME };
		}

	},

	/**
	 * Bytes that have arrived on connections and were not delivered to handlers.
	 */
	DATA_UNDELIVERED("http3.server.data.undelivered", Meter.Type.GAUGE, "bytes"),

	/**
	 * Bytes of responses that the transport has taken and not sent.
	 */
	DATA_UNSENT("http3.server.data.unsent", Meter.Type.GAUGE, "bytes"),

	/**
	 * GOAWAY frames that were sent.
	 */
	GOAWAYS("http3.server.goaways", Meter.Type.COUNTER, "frames"),

	/**
	 * Shutdowns of the whole server and the time that they took.
	 */
	SHUTDOWN("http3.server.shutdown", Meter.Type.TIMER, null),

	/**
	 * Round-trip times of connections: of each that is not silent about every ten
	 * seconds, and of each at its end.
	 */
	ROUND_TRIP_TIME("http3.server.round.trip.time", Meter.Type.TIMER, null),

	/**
	 * Lost packets per packet sent, from 0 to 1, of the same connections at the same
	 * times, since the time before.
	 */
	PACKET_LOSS("http3.server.packet.loss", Meter.Type.DISTRIBUTION_SUMMARY, "ratio"),

	/**
	 * Packets that connections have "sent" and "received". Those of open connections are
	 * added about every ten seconds.
	 */
	PACKETS("http3.server.packets", Meter.Type.COUNTER, "packets") {

		@Override
		public KeyName[] getKeyNames() {
			return new KeyName[] { Keys.DIRECTION };
		}

	},

	/**
	 * Packets that were sent and found to be lost.
	 */
	PACKETS_LOST("http3.server.packets.lost", Meter.Type.COUNTER, "packets"),

	/**
	 * Bytes that connections have "sent" and "received", added in the same way.
	 */
	BYTES("http3.server.bytes", Meter.Type.COUNTER, "bytes") {

		@Override
		public KeyName[] getKeyNames() {
			return new KeyName[] { Keys.DIRECTION };
		}

	};

	private final String name;

	private final Meter.Type type;

	private final @Nullable String baseUnit;

	Http3ServerMeters(String name, Meter.Type type, @Nullable String baseUnit) {
		this.name = name;
		this.type = type;
		this.baseUnit = baseUnit;
	}

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public Meter.Type getType() {
		return this.type;
	}

	@Override
	public @Nullable String getBaseUnit() {
		return this.baseUnit;
	}

	/**
	 * Keys of tags.
	 */
	public enum Keys implements KeyName {

		/**
		 * How a connection or a request ended.
		 */
		OUTCOME {

			@Override
			public String asString() {
				return "outcome";
			}

		},

		/**
		 * Whether the server has sent or received something.
		 */
		DIRECTION {

			@Override
			public String asString() {
				return "direction";
			}

		}

	}

}
