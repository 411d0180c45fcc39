package io.github.http3spring.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.github.http3spring.benchmarks.server.Server;
import io.github.http3spring.benchmarks.workload.Metric;
import io.github.http3spring.benchmarks.workload.Workload;

/**
 * Draws a bar for each server's median of the first metric of each workload, with a line
 * from the least to the greatest value.
 */
final class Chart {

	private static final int WIDTH = 900;

	private static final int LABELS = 270;

	private static final int BARS = 480;

	private static final int ROW = 22;

	private static final int HEADING = 44;

	private static final int BAR = 14;

	private final Results results;

	private final List<Server> servers;

	Chart(Results results, List<Server> servers) {
		this.results = results;
		this.servers = servers;
	}

	/**
	 * Draw all workloads, one below the other.
	 * @param workloads the workloads
	 * @return the picture, in SVG
	 */
	String draw(List<Workload> workloads) {
		StringBuilder body = new StringBuilder();
		int y = 0;
		for (Workload workload : workloads) {
			List<Bar> bars = bars(workload);
			if (!bars.isEmpty()) {
				y = drawPanel(body, workload, bars, y);
			}
		}
		return String.format("""
				<svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d">
				<style>
				text { font: 13px sans-serif; fill: #24292f } .title { font-weight: bold } .unit { fill: #57606a }
				.bar { fill: #8fb8de } .own { fill: #2f6f3e } .spread { stroke: #24292f }
				</style>
				<rect width="100%%" height="100%%" fill="#ffffff"/>
				%3$s</svg>
				""", WIDTH, y + ROW, body);
	}

	private List<Bar> bars(Workload workload) {
		Metric metric = workload.metrics().get(0);
		List<Bar> bars = new ArrayList<>();
		for (Server server : this.servers) {
			this.results.spread(workload, server, metric).ifPresent((spread) -> bars.add(new Bar(server, spread)));
		}
		return bars;
	}

	private static int drawPanel(StringBuilder body, Workload workload, List<Bar> bars, int top) {
		Metric metric = workload.metrics().get(0);
		double most = bars.stream().mapToDouble((bar) -> bar.spread().most()).max().orElseThrow();
		double scale = (most > 0) ? BARS / most : 0;
		String hint = metric.isHigherBetter() ? "more is better" : "less is better";
		element(body, "<text x='10' y='%d' class='title'>%s</text>", top + 24, escape(workload.title()));
		element(body, "<text x='10' y='%d' class='unit'>%s (%s)</text>", top + 40, metric.label(), hint);
		int y = top + HEADING;
		for (Bar bar : bars) {
			drawBar(body, bar, scale, y);
			y += ROW;
		}
		return y + ROW / 2;
	}

	private static void drawBar(StringBuilder body, Bar bar, double scale, int y) {
		int middle = y + ROW / 2;
		Spread spread = bar.spread();
		String style = bar.server().title().startsWith("this") ? "own" : "bar";
		element(body, "<text x='%d' y='%d' text-anchor='end'>%s</text>", LABELS - 8, middle + 4,
				escape(bar.server().title().replace("`", "")));
		element(body, "<rect x='%d' y='%d' width='%.1f' height='%d' class='%s'/>", LABELS, middle - BAR / 2,
				spread.median() * scale, BAR, style);
		element(body, "<line x1='%.1f' y1='%d' x2='%.1f' y2='%d' class='spread'/>", LABELS + spread.least() * scale,
				middle, LABELS + spread.most() * scale, middle);
		element(body, "<text x='%.1f' y='%d'>%s</text>", LABELS + spread.most() * scale + 8, middle + 4,
				Table.number(spread.median()));
	}

	private static void element(StringBuilder body, String format, Object... values) {
		body.append(String.format(Locale.ROOT, format, values)).append('\n');
	}

	private static String escape(String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;");
	}

	private record Bar(Server server, Spread spread) {

	}

}
