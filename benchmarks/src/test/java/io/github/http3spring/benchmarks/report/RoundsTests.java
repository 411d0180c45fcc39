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

class RoundsTests {

	@Test
	void eachFigureOfEachRoundHasALine() {
		Workload workload = new SmallGet("get");
		Server server = new NamedServer("one");
		Results results = new Results();
		results.add(workload, server,
				new Sample(Map.of(Metric.CPU_PER_REQUEST, 12.3456, Metric.REQUEST_RATE, 5.0), 0.25));
		results.add(workload, server, new Sample(Map.of(Metric.CPU_PER_REQUEST, 11.0), 0));
		assertThat(new Rounds(results, List.of(server)).write(List.of(workload)).lines()).containsExactly(
				"workload,server,round,metric,unit,value,others", "get,one,1,CPU per request,µs,12.346,0.250",
				"get,one,1,requests per second,/s,5.000,0.250", "get,one,2,CPU per request,µs,11.000,0.000");
	}

}
