package io.github.http3spring.sample.demo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.json.JsonWriter;

/**
 * What has happened, for programs.
 *
 * @param options what was asked for
 * @param verdict the judgement
 * @param account the server's own account
 * @param timeline what happened when
 * @param comparison what another server has done, {@code null} if nobody has asked
 */
record DemoReport(DemoOptions options, Verdict verdict, String account, List<Timeline.Entry> timeline,
		@Nullable Comparison comparison) {

	String toJson() {
		Map<String, Object> report = new LinkedHashMap<>();
		report.put("good", this.verdict.isGood());
		report.put("requests", this.verdict.requests());
		report.put("complete", this.verdict.complete());
		report.put("connections", this.verdict.connections());
		report.put("missing", this.verdict.missing());
		report.put("account", this.account);
		report.put("loss", this.options.loss());
		report.put("delayMillis", this.options.delay().toMillis());
		Comparison other = this.comparison;
		if (other != null) {
			report.put("reactorNetty", Map.of("requests", other.requests(), "complete", other.complete(), "connections",
					other.connections(), "told", other.told()));
		}
		report.put("timeline", this.timeline.stream().map(DemoReport::entry).toList());
		return JsonWriter.<Map<String, Object>>standard().writeToString(report);
	}

	private static Map<String, Object> entry(Timeline.Entry entry) {
		Map<String, Object> map = new LinkedHashMap<>();
		map.put("millis", entry.millis());
		map.put("who", entry.who());
		map.put("what", entry.what());
		map.put("count", entry.count());
		return map;
	}

}
