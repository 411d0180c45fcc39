package io.github.http3spring.actuate;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.github.http3spring.server.ConnectionCounts;
import io.github.http3spring.server.ConnectionSample;
import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.Http3ServerTotals;
import io.github.http3spring.server.MemoryUsage;
import io.github.http3spring.server.RequestCounts;
import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

/**
 * Tests for {@link Http3ServerMetrics}.
 */
class Http3ServerMetricsTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final Http3Server server = mock(Http3Server.class);

	@BeforeEach
	void bind() {
		given(this.server.getTotals()).willReturn(new Http3ServerTotals(new ConnectionCounts(20, 2, 3, 4, 5, 1, 6, 1),
				new RequestCounts(100, 70, 8, 9, 3), 10, 2, Duration.ofMillis(1500)));
		given(this.server.getMemoryUsage()).willReturn(new MemoryUsage(1000, 2000, 300, 400, 5, 6));
		new Http3ServerMetrics(this.server).bindTo(this.registry);
	}

	@Test
	void everyMeterIsDocumented() {
		Set<String> documented = Arrays.stream(Http3ServerMeters.values())
			.map(Http3ServerMeters::getName)
			.collect(Collectors.toSet());
		assertThat(this.registry.getMeters()).extracting((meter) -> meter.getId().getName())
			.containsOnly(documented.toArray(String[]::new));
		for (Http3ServerMeters meter : Http3ServerMeters.values()) {
			assertThat(this.registry.get(meter.getName()).meters()).allSatisfy((found) -> {
				assertThat(found.getId().getType()).isEqualTo(meter.getType());
				assertThat(found.getId().getDescription()).isNotBlank();
				assertThat(found.getId().getTags().stream().map(Tag::getKey))
					.containsExactlyElementsOf(Arrays.stream(meter.getKeyNames()).map(KeyName::asString).toList());
			});
		}
	}

	@Test
	void memoryOfConnectionsIsShown() {
		assertThat(value("http3.server.data.undelivered")).isEqualTo(1000);
		assertThat(value("http3.server.data.unsent")).isEqualTo(300);
	}

	@Test
	void samplesOfConnectionsAreRecorded() {
		sample(new ConnectionSample(Duration.ofMillis(30), 100, 80, 5, 120_000, 9_000));
		sample(new ConnectionSample(Duration.ofMillis(10), 2, 1, 4, 300, 60));
		Timer roundTripTime = this.registry.get("http3.server.round.trip.time").timer();
		assertThat(roundTripTime.count()).isEqualTo(2);
		assertThat(roundTripTime.max(TimeUnit.MILLISECONDS)).isEqualTo(30);
		assertThat(roundTripTime.mean(TimeUnit.MILLISECONDS)).isEqualTo(20);
		DistributionSummary loss = this.registry.get("http3.server.packet.loss").summary();
		assertThat(loss.count()).isEqualTo(2);
		// What is lost may have been sent before
		assertThat(loss.totalAmount()).isEqualTo(0.05 + 1);
		assertThat(count("http3.server.packets", "sent")).isEqualTo(102);
		assertThat(count("http3.server.packets", "received")).isEqualTo(81);
		assertThat(value("http3.server.packets.lost")).isEqualTo(9);
		assertThat(count("http3.server.bytes", "sent")).isEqualTo(120_300);
		assertThat(count("http3.server.bytes", "received")).isEqualTo(9_060);
	}

	@Test
	void unmeasuredPathDoesNotFalsifyTheDistributions() {
		sample(new ConnectionSample(null, 1, 0, 1, 40, 0));
		assertThat(this.registry.get("http3.server.round.trip.time").timer().count()).isZero();
		assertThat(this.registry.get("http3.server.packet.loss").summary().count()).isZero();
		assertThat(count("http3.server.packets", "sent")).isOne();
	}

	@Test
	void metersReadTheTotals() {
		assertThat(value("http3.server.connections.active")).isEqualTo(3);
		assertThat(value("http3.server.connections.accepted")).isEqualTo(20);
		assertThat(value("http3.server.connections.refused")).isEqualTo(2);
		assertThat(value("http3.server.handshake.failures")).isEqualTo(3);
		assertThat(value("http3.server.connections.closed", "completed")).isEqualTo(4);
		assertThat(value("http3.server.connections.closed", "deadline")).isEqualTo(5);
		assertThat(value("http3.server.connections.closed", "closed_by_peer")).isEqualTo(1);
		assertThat(value("http3.server.connections.closed", "timed_out")).isEqualTo(6);
		assertThat(value("http3.server.connections.closed", "vanished")).isEqualTo(1);
		assertThat(value("http3.server.requests.active")).isEqualTo(21);
		assertThat(value("http3.server.requests.ended", "completed")).isEqualTo(70);
		assertThat(value("http3.server.requests.ended", "rejected")).isEqualTo(8);
		assertThat(value("http3.server.requests.ended", "cancelled")).isEqualTo(9);
		assertThat(value("http3.server.goaways")).isEqualTo(10);
		FunctionTimer timer = this.registry.get("http3.server.shutdown").functionTimer();
		assertThat(timer.count()).isEqualTo(2);
		assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(1500);
	}

	private void sample(ConnectionSample sample) {
		ArgumentCaptor<Consumer<ConnectionSample>> listener = ArgumentCaptor.captor();
		verify(this.server).addSampleListener(listener.capture());
		listener.getValue().accept(sample);
	}

	private double count(String name, String direction) {
		return this.registry.get(name).tag("direction", direction).counter().count();
	}

	private double value(String name) {
		return value(this.registry.get(name).meter());
	}

	private double value(String name, String outcome) {
		return value(this.registry.get(name).tag("outcome", outcome).meter());
	}

	private static double value(Meter meter) {
		return meter.measure().iterator().next().getValue();
	}

}
