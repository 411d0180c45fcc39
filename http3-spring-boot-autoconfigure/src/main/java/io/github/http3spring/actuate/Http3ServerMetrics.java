package io.github.http3spring.actuate;

import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.Http3ServerTotals;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Binds {@link Http3ServerMeters}. They read the totals of the server when they are
 * scraped; a request does nothing for them.
 */
public class Http3ServerMetrics implements MeterBinder {

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
				Http3ServerTotals::connectionsActive);
		counter(registry, Http3ServerMeters.CONNECTIONS_ACCEPTED, "Connections whose handshake came to its end",
				Http3ServerTotals::connectionsAccepted);
		counter(registry, Http3ServerMeters.CONNECTIONS_REFUSED, "Connection attempts that were refused",
				Http3ServerTotals::connectionsRefused);
		counter(registry, Http3ServerMeters.HANDSHAKE_FAILURES,
				"Connection attempts that ended before their handshake did", Http3ServerTotals::handshakeFailures);
		closed(registry, "completed", Http3ServerTotals::connectionsCompleted);
		closed(registry, "deadline", Http3ServerTotals::connectionsAtDeadline);
		closed(registry, "closed_by_peer", Http3ServerTotals::connectionsClosedByPeer);
		closed(registry, "timed_out", Http3ServerTotals::connectionsTimedOut);
		gauge(registry, Http3ServerMeters.REQUESTS_ACTIVE, "Requests that are being served",
				Http3ServerTotals::requestsActive);
		ended(registry, "completed", Http3ServerTotals::requestsCompleted);
		ended(registry, "rejected", Http3ServerTotals::requestsRejected);
		ended(registry, "cancelled", Http3ServerTotals::requestsCancelled);
		counter(registry, Http3ServerMeters.GOAWAYS, "GOAWAY frames that were sent", Http3ServerTotals::goAwaysSent);
		FunctionTimer
			.builder(Http3ServerMeters.SHUTDOWN.getName(), this.server, (server) -> server.getTotals().shutdowns(),
					(server) -> server.getTotals().shutdownTime().toNanos(), TimeUnit.NANOSECONDS)
			.description("Shutdowns of the whole server")
			.register(registry);
	}

	private void closed(MeterRegistry registry, String outcome, ToDoubleFunction<Http3ServerTotals> value) {
		counter(registry, Http3ServerMeters.CONNECTIONS_CLOSED, "Connections that have ended", value,
				Tag.of(Http3ServerMeters.Keys.OUTCOME.asString(), outcome));
	}

	private void ended(MeterRegistry registry, String outcome, ToDoubleFunction<Http3ServerTotals> value) {
		counter(registry, Http3ServerMeters.REQUESTS_ENDED, "Requests that have ended", value,
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
		Gauge.builder(meter.getName(), this.server, (server) -> value.applyAsDouble(server.getTotals()))
			.description(description)
			.baseUnit(meter.getBaseUnit())
			.register(registry);
	}

}
