package io.github.http3spring.benchmarks.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

import io.github.http3spring.benchmarks.server.Server;
import io.github.http3spring.benchmarks.workload.Metric;
import io.github.http3spring.benchmarks.workload.Workload;

/**
 * Writes the results of a workload as a table in Markdown: medians with the least and the
 * greatest value, and how many times the first server's median they are.
 */
final class Table {

	private final Results results;

	private final List<Server> servers;

	Table(Results results, List<Server> servers) {
		this.results = results;
		this.servers = servers;
	}

	String write(Workload workload) {
		StringBuilder text = new StringBuilder("### ").append(workload.title()).append("\n\n| server |");
		for (Metric metric : workload.metrics()) {
			text.append(' ').append(metric.label()).append(" |");
		}
		text.append(" others |\n|---|").append("---:|".repeat(workload.metrics().size() + 1)).append('\n');
		for (Server server : this.servers) {
			row(workload, server).ifPresent((row) -> text.append(row).append('\n'));
		}
		return text.toString();
	}

	private Optional<String> row(Workload workload, Server server) {
		StringBuilder text = new StringBuilder("| ").append(server.title()).append(" |");
		Optional<String> obstacle = this.results.obstacle(workload, server);
		if (obstacle.isPresent()) {
			text.append(' ').append(obstacle.get()).append(" |".repeat(workload.metrics().size() + 1));
			return Optional.of(text.toString());
		}
		return this.results.others(workload, server).map((others) -> {
			for (Metric metric : workload.metrics()) {
				text.append(' ').append(cell(workload, server, metric)).append(" |");
			}
			return text.append(String.format(Locale.ROOT, " %.0f %% |", others.median() * 100)).toString();
		});
	}

	private String cell(Workload workload, Server server, Metric metric) {
		return this.results.spread(workload, server, metric).map((spread) -> {
			String value = "**" + number(spread.median()) + "** (" + number(spread.least()) + "–"
					+ number(spread.most()) + ")";
			return value + floor(workload, metric)
				.map((floor) -> String.format(Locale.ROOT, " %.2fx", spread.median() / floor))
				.orElse("");
		}).orElse("–");
	}

	private Optional<Double> floor(Workload workload, Metric metric) {
		return this.results.spread(workload, this.servers.get(0), metric)
			.map(Spread::median)
			.filter((median) -> median > 0);
	}

	/**
	 * Write a number with three digits that say something.
	 */
	static String number(double value) {
		int digits = (value == 0) ? 1 : (int) Math.floor(Math.log10(Math.abs(value))) + 1;
		return String.format(Locale.ROOT, "%,." + Math.min(2, Math.max(0, 3 - digits)) + "f", value);
	}

}
