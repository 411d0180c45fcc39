package io.github.http3spring.benchmarks.report;

import java.io.StringReader;
import java.util.List;
import java.util.Map;

import javax.xml.parsers.DocumentBuilderFactory;

import io.github.http3spring.benchmarks.server.Server;
import io.github.http3spring.benchmarks.workload.Metric;
import io.github.http3spring.benchmarks.workload.Sample;
import io.github.http3spring.benchmarks.workload.SmallGet;
import io.github.http3spring.benchmarks.workload.Transfer;
import io.github.http3spring.benchmarks.workload.Workload;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

import static org.assertj.core.api.Assertions.assertThat;

class ChartTests {

	private final Workload workload = new SmallGet("get");

	private final Server first = new NamedServer("first & <best>");

	private final Server second = new NamedServer("second");

	private final Results results = new Results();

	private final Chart chart = new Chart(this.results, List.of(this.first, this.second));

	@Test
	void barsAreAsLongAsTheirMedians() throws Exception {
		add(this.first, 10);
		add(this.second, 15);
		add(this.second, 20);
		add(this.second, 40);
		Document document = parse(this.chart.draw(List.of(this.workload)));
		NodeList bars = document.getElementsByTagName("rect");
		// The first one is the background
		assertThat(bars.getLength()).isEqualTo(3);
		assertThat(((Element) bars.item(1)).getAttribute("width")).isEqualTo("120.0");
		assertThat(((Element) bars.item(2)).getAttribute("width")).isEqualTo("240.0");
		assertThat(document.getDocumentElement().getTextContent()).contains("first & <best>", "second",
				"less is better");
	}

	@Test
	void whatWasNotMeasuredIsNotDrawn() throws Exception {
		add(this.first, 10);
		String picture = this.chart.draw(List.of(this.workload, Transfer.upload()));
		assertThat(parse(picture).getElementsByTagName("rect").getLength()).isEqualTo(2);
		assertThat(picture).doesNotContain("second", "MiB up");
	}

	private void add(Server server, double value) {
		this.results.add(this.workload, server, new Sample(Map.of(Metric.CPU_PER_REQUEST, value), 0));
	}

	private static Document parse(String picture) throws Exception {
		return DocumentBuilderFactory.newInstance()
			.newDocumentBuilder()
			.parse(new InputSource(new StringReader(picture)));
	}

}
