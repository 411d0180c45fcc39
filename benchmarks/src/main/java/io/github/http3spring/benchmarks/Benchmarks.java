package io.github.http3spring.benchmarks;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import io.github.http3spring.benchmarks.machine.Cores;
import io.github.http3spring.benchmarks.report.Report;
import io.github.http3spring.benchmarks.report.Results;
import io.github.http3spring.benchmarks.server.Server;
import io.github.http3spring.benchmarks.server.Servers;
import io.github.http3spring.benchmarks.server.Site;
import io.github.http3spring.benchmarks.server.SiteFiles;
import io.github.http3spring.benchmarks.workload.SmallGet;
import io.github.http3spring.benchmarks.workload.Transfer;
import io.github.http3spring.benchmarks.workload.Workload;

/**
 * The command: measures what the command line selects, and prints the tables.
 */
public final class Benchmarks {

	private static final List<Workload> WORKLOADS = List.of(new SmallGet(), Transfer.download(), Transfer.upload());

	private Benchmarks() {
	}

	/**
	 * Run the benchmarks.
	 * @param args the directory of what the build has made, and the command line
	 * @throws Exception if the files that servers need cannot be made
	 */
	public static void main(String[] args) throws Exception {
		Path target = Path.of(args[0]);
		PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
		List<Server> all = Servers.all(target);
		Options options;
		List<Server> servers;
		List<Workload> workloads;
		try {
			options = Options.parse(List.of(args).subList(1, args.length).toArray(String[]::new));
			servers = Options.choose(all, options.servers(), Server::name);
			workloads = Options.choose(WORKLOADS, options.workloads(), Workload::name);
		}
		catch (IllegalArgumentException ex) {
			System.err.println(ex.getMessage() + "\n\n" + Options.USAGE);
			System.exit(2);
			return;
		}
		Site.Files files = SiteFiles.create(target.resolve("site"), Transfer.DOWNLOAD);
		try (Harness harness = new Harness(files, Cores.detect(), System.err)) {
			Results results = harness.run(servers, workloads, options.rounds(), options.warmUp());
			out.println(new Report(results, servers, workloads).tables());
		}
		System.exit(0);
	}

}
