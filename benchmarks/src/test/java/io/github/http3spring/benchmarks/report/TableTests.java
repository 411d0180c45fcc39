package io.github.http3spring.benchmarks.report;

import java.util.List;
import java.util.Map;

import io.github.http3spring.benchmarks.server.Server;
import io.github.http3spring.benchmarks.workload.Metric;
import io.github.http3spring.benchmarks.workload.Sample;
import io.github.http3spring.benchmarks.workload.SmallGet;
import io.github.http3spring.benchmarks.workload.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class TableTests {

	private final Workload workload = new SmallGet("get");

	private final Server floor = new NamedServer("floor");

	private final Server other = new NamedServer("other");

	private final Results results = new Results();

	private final Table table = new Table(this.results, List.of(this.floor, this.other));

	@Test
	void aRowHasMediansWithTheirSpreadAndRatiosToTheFirstServer() {
		add(this.floor, 10, 1000, 0.02);
		add(this.other, 14, 800, 0.01);
		add(this.other, 16, 900, 0.03);
		add(this.other, 15, 700, 0.05);
		assertThat(this.table.write(this.workload).lines().skip(2)).containsExactly(
				"| server | CPU per request, µs | requests per second, /s | allocated per request, B | others |",
				"|---|---:|---:|---:|---:|",
				"| floor | **10.0** (10.0–10.0) 1.00x | **1,000** (1,000–1,000) 1.00x | – | 2 % |",
				"| other | **15.0** (14.0–16.0) 1.50x | **800** (700–900) 0.80x | – | 3 % |");
	}

	@Test
	void whatCouldNotBeMeasuredSaysWhy() {
		add(this.floor, 10, 1000, 0);
		this.results.addObstacle(this.workload, this.other, "is not installed");
		assertThat(this.table.write(this.workload)).contains("| other | is not installed | | | |");
	}

	@Test
	void withoutTheFirstServerThereAreNoRatios() {
		add(this.other, 14, 800, 0);
		assertThat(this.table.write(this.workload))
			.contains("| other | **14.0** (14.0–14.0) | **800** (800–800) | – | 0 % |")
			.doesNotContain("floor");
	}

	@ParameterizedTest
	@CsvSource({ "0, 0.00", "0.4213, 0.42", "5.678, 5.68", "12.34, 12.3", "123.4, 123", "'12345.6', '12,346'" })
	void numbersHaveThreeDigitsThatSaySomething(double value, String text) {
		assertThat(Table.number(value)).isEqualTo(text);
	}

	private void add(Server server, double cpu, double rate, double others) {
		this.results.add(this.workload, server,
				new Sample(Map.of(Metric.CPU_PER_REQUEST, cpu, Metric.REQUEST_RATE, rate), others));
	}

}
