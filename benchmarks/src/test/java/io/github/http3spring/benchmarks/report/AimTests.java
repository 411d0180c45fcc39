package io.github.http3spring.benchmarks.report;

import java.util.List;
import java.util.Map;

import io.github.http3spring.benchmarks.server.Server;
import io.github.http3spring.benchmarks.workload.Metric;
import io.github.http3spring.benchmarks.workload.Sample;
import io.github.http3spring.benchmarks.workload.SmallGet;
import io.github.http3spring.benchmarks.workload.Workload;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AimTests {

	private final Workload workload = new SmallGet("get");

	private final Server floor = new NamedServer("floor");

	private final Server own = new NamedServer("own");

	private final Results results = new Results();

	private final Aim cpu = new Aim("get", Metric.CPU_PER_REQUEST, "own", "floor", 1.1);

	private final Aim rate = new Aim("get", Metric.REQUEST_RATE, "own", "floor", 2.4);

	@Test
	void whatWasReachedIsTheRatioOfTheMedians() {
		add(this.floor, 10);
		add(this.own, 14);
		add(this.own, 15);
		add(this.own, 90);
		assertThat(this.cpu.reached(this.results, List.of(this.floor, this.own), List.of(this.workload))).hasValue(1.5);
	}

	@Test
	void withoutTheOtherNothingIsReached() {
		add(this.own, 14);
		assertThat(this.cpu.reached(this.results, List.of(this.floor, this.own), List.of(this.workload))).isEmpty();
		assertThat(this.cpu.reached(this.results, List.of(this.own), List.of(this.workload))).isEmpty();
	}

	@Test
	void costsShallBeAtMostAndRatesAtLeastTheFactor() {
		assertThat(this.cpu.isMet(1.104)).isTrue();
		assertThat(this.cpu.isMet(1.11)).isFalse();
		assertThat(this.rate.isMet(2.4)).isTrue();
		assertThat(this.rate.isMet(2.3)).isFalse();
	}

	@Test
	void theRowSaysWhatWasWantedAndWhatWasReached() {
		assertThat(this.cpu.row(1.5))
			.isEqualTo("| `get` | CPU per request | `own` at most 1.10 x `floor` | 1.50 | **no** |");
		assertThat(this.rate.row(2.5))
			.isEqualTo("| `get` | requests per second | `own` at least 2.40 x `floor` | 2.50 | yes |");
	}

	private void add(Server server, double value) {
		this.results.add(this.workload, server, new Sample(Map.of(Metric.CPU_PER_REQUEST, value), 0));
	}

}
