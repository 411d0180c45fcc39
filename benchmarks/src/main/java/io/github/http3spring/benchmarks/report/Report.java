package io.github.http3spring.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;

import io.github.http3spring.benchmarks.machine.Cores;
import io.github.http3spring.benchmarks.server.Server;
import io.github.http3spring.benchmarks.workload.Workload;

/**
 * The results of a run as a reader gets them.
 */
public final class Report {

	private final Results results;

	private final List<Server> servers;

	private final List<Workload> workloads;

	/**
	 * Create a report.
	 * @param results what was measured
	 * @param servers the servers, in the order of the rows
	 * @param workloads the workloads, in the order of the tables
	 */
	public Report(Results results, List<Server> servers, List<Workload> workloads) {
		this.results = results;
		this.servers = servers;
		this.workloads = workloads;
	}

	/**
	 * Return the date, all tables, and the aims beside what was reached.
	 * @return the text, in Markdown
	 */
	public String text() {
		Table table = new Table(this.results, this.servers);
		return "Measured on " + LocalDate.now() + ": " + machine() + ".\n\n" + aims()
				+ this.workloads.stream().filter(this::isMeasured).map(table::write).collect(Collectors.joining("\n"));
	}

	private boolean isMeasured(Workload workload) {
		return this.servers.stream().anyMatch((server) -> !this.results.samples(workload, server).isEmpty());
	}

	private static String machine() {
		return Cores.OF_MACHINE + " cores, " + System.getProperty("os.name") + " " + System.getProperty("os.version")
				+ ", Java " + System.getProperty("java.version");
	}

	private String aims() {
		String rows = Aim.ALL.stream()
			.flatMap((aim) -> aim.reached(this.results, this.servers, this.workloads).map(aim::row).stream())
			.collect(Collectors.joining("\n"));
		return rows.isEmpty() ? ""
				: "### Aims\n\n| workload | figure | aim | reached | met |\n|---|---|---|---:|---|\n" + rows + "\n\n";
	}

	/**
	 * Write everything to files: the text, a chart, and what each round has measured.
	 * @param directory where to
	 * @throws IOException if a file cannot be written
	 */
	public void writeTo(Path directory) throws IOException {
		Files.createDirectories(directory);
		Files.writeString(directory.resolve("README.md"), "# Results\n\n![Chart](chart.svg)\n\n" + text());
		Files.writeString(directory.resolve("chart.svg"), new Chart(this.results, this.servers).draw(this.workloads));
		Files.writeString(directory.resolve("rounds.csv"),
				new Rounds(this.results, this.servers).write(this.workloads));
	}

}
