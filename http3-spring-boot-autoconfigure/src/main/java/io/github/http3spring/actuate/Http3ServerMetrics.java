package io.github.http3spring.actuate;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

import io.github.http3spring.server.ConnectionCounts;
import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.Http3ServerTotals;
import io.github.http3spring.server.MemoryUsage;
import io.github.http3spring.server.RequestCounts;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Binds {@link Http3ServerMeters}. Most read the totals of the server when they are
 * scraped, the others are fed with samples of its connections; a request does nothing for
 * them.
 */
public class Http3ServerMetrics implements MeterBinder {

	private static final Tag SENT = Tag.of(Http3ServerMeters.Keys.DIRECTION.asString(), "sent");

	private static final Tag RECEIVED = Tag.of(Http3ServerMeters.Keys.DIRECTION.asString(), "received");

	private final Http3Server server;

	/**
	 * Create the metrics of a server.
	 * @param server the server
	 */
	public Http3ServerMetrics(Http3Server server) {
		this.server = server;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		gauge(registry, Http3ServerMeters.CONNECTIONS_ACTIVE, "Connections that are open",
				(totals) -> totals.connections().active());
		counter(registry, Http3ServerMeters.CONNECTIONS_ACCEPTED, "Connections whose handshake was completed",
				(totals) -> totals.connections().accepted());
		counter(registry, Http3ServerMeters.CONNECTIONS_REFUSED, "Connection attempts that were refused",
				(totals) -> totals.connections().refused());
		counter(registry, Http3ServerMeters.HANDSHAKE_FAILURES,
				"Connection attempts whose handshake was not done when they ended",
				(totals) -> totals.connections().handshakeFailures());
		closed(registry, "completed", ConnectionCounts::completed);
		closed(registry, "deadline", ConnectionCounts::atDeadline);
		closed(registry, "closed_by_peer", ConnectionCounts::closedByPeer);
		closed(registry, "timed_out", ConnectionCounts::timedOut);
		closed(registry, "vanished", ConnectionCounts::vanished);
		gauge(registry, Http3ServerMeters.REQUESTS_ACTIVE, "Requests that are being served",
				(totals) -> totals.requests().active());
		ended(registry, "completed", RequestCounts::completed);
		ended(registry, "rejected", RequestCounts::rejected);
		ended(registry, "cancelled", RequestCounts::cancelled);
		gauge(registry, Http3ServerMeters.DATA_UNDELIVERED,
				"Bytes that have arrived and were not delivered to handlers", MemoryUsage::undeliveredData,
				Http3Server::getMemoryUsage);
		gauge(registry, Http3ServerMeters.DATA_UNSENT,
				"Bytes of responses that the transport has taken and not sent, or not had acknowledged",
				MemoryUsage::unsentData, Http3Server::getMemoryUsage);
		counter(registry, Http3ServerMeters.GOAWAYS, "GOAWAY frames that were sent", Http3ServerTotals::goAwaysSent);
		FunctionTimer
			.builder(Http3ServerMeters.SHUTDOWN.getName(), this.server, (server) -> server.getTotals().shutdowns(),
					(server) -> server.getTotals().shutdownTime().toNanos(), TimeUnit.NANOSECONDS)
			.description("Shutdowns of the whole server")
			.register(registry);
		sampled(registry);
	}

	private void sampled(MeterRegistry registry) {
		Timer roundTripTime = Timer.builder(Http3ServerMeters.ROUND_TRIP_TIME.getName())
			.description("Round-trip times of connections")
			.register(registry);
		DistributionSummary packetLoss = DistributionSummary.builder(Http3ServerMeters.PACKET_LOSS.getName())
			.description("Lost packets per packet sent")
			.baseUnit(Http3ServerMeters.PACKET_LOSS.getBaseUnit())
			.register(registry);
		Counter packetsSent = counter(registry, Http3ServerMeters.PACKETS, "Packets of connections", SENT);
		Counter packetsReceived = counter(registry, Http3ServerMeters.PACKETS, "Packets of connections", RECEIVED);
		Counter packetsLost = counter(registry, Http3ServerMeters.PACKETS_LOST, "Packets that were lost");
		Counter bytesSent = counter(registry, Http3ServerMeters.BYTES, "Bytes of connections", SENT);
		Counter bytesReceived = counter(registry, Http3ServerMeters.BYTES, "Bytes of connections", RECEIVED);
		this.server.addSampleListener((sample) -> {
			Duration measured = sample.roundTripTime();
			if (measured != null) {
				roundTripTime.record(measured);
				if (sample.packetsSent() > 0) {
					packetLoss.record(Math.min(1, (double) sample.packetsLost() / sample.packetsSent()));
				}
			}
			packetsSent.increment(sample.packetsSent());
			packetsReceived.increment(sample.packetsReceived());
			packetsLost.increment(sample.packetsLost());
			bytesSent.increment(sample.bytesSent());
			bytesReceived.increment(sample.bytesReceived());
		});
	}

	private static Counter counter(MeterRegistry registry, Http3ServerMeters meter, String description, Tag... tags) {
		return Counter.builder(meter.getName())
			.description(description)
			.baseUnit(meter.getBaseUnit())
			.tags(Tags.of(tags))
			.register(registry);
	}

	private void closed(MeterRegistry registry, String outcome, ToDoubleFunction<ConnectionCounts> value) {
		counter(registry, Http3ServerMeters.CONNECTIONS_CLOSED, "Connections that have ended",
				(totals) -> value.applyAsDouble(totals.connections()),
				Tag.of(Http3ServerMeters.Keys.OUTCOME.asString(), outcome));
	}

	private void ended(MeterRegistry registry, String outcome, ToDoubleFunction<RequestCounts> value) {
		counter(registry, Http3ServerMeters.REQUESTS_ENDED, "Requests that have ended",
				(totals) -> value.applyAsDouble(totals.requests()),
				Tag.of(Http3ServerMeters.Keys.OUTCOME.asString(), outcome));
	}

	private void counter(MeterRegistry registry, Http3ServerMeters meter, String description,
			ToDoubleFunction<Http3ServerTotals> value, Tag... tags) {
		FunctionCounter.builder(meter.getName(), this.server, (server) -> value.applyAsDouble(server.getTotals()))
			.description(description)
			.baseUnit(meter.getBaseUnit())
			.tags(Tags.of(tags))
			.register(registry);
	}

	private void gauge(MeterRegistry registry, Http3ServerMeters meter, String description,
			ToDoubleFunction<Http3ServerTotals> value) {
		gauge(registry, meter, description, value, Http3Server::getTotals);
	}

	private <T> void gauge(MeterRegistry registry, Http3ServerMeters meter, String description,
			ToDoubleFunction<T> value, Function<Http3Server, T> reading) {
		Gauge.builder(meter.getName(), this.server, (server) -> value.applyAsDouble(reading.apply(server)))
			.description(description)
			.baseUnit(meter.getBaseUnit())
			.register(registry);
	}

}
