package io.github.http3spring.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import io.github.http3spring.benchmarks.machine.Cores;
import io.github.http3spring.benchmarks.report.Report;
import io.github.http3spring.benchmarks.server.Server;
import io.github.http3spring.benchmarks.server.Servers;
import io.github.http3spring.benchmarks.server.Site;
import io.github.http3spring.benchmarks.server.SiteFiles;
import io.github.http3spring.benchmarks.workload.Burst;
import io.github.http3spring.benchmarks.workload.Handshakes;
import io.github.http3spring.benchmarks.workload.IdleConnections;
import io.github.http3spring.benchmarks.workload.SmallGet;
import io.github.http3spring.benchmarks.workload.StartUp;
import io.github.http3spring.benchmarks.workload.Transfer;
import io.github.http3spring.benchmarks.workload.Workload;

/**
 * The command: measures what the command line selects, prints the tables, and writes them
 * and a chart to files.
 */
public final class Benchmarks {

	private static final List<Workload> QUICK = List.of(new SmallGet("get"), Transfer.download("download"),
			Transfer.upload(), Handshakes.full());

	private static final List<Workload> SLOW = List.of(Handshakes.resumed(), new Burst(), new IdleConnections(),
			new StartUp(), new SmallGet(Servers.SHARED + "get"), Transfer.download(Servers.SHARED + "download"));

	private Benchmarks() {
	}

	/**
	 * Run the benchmarks.
	 * @param args the directory of this module, and the command line
	 * @throws Exception if the files that servers need cannot be made
	 */
	public static void main(String[] args) throws Exception {
		try {
			run(Path.of(args[0]), Options.parse(Arrays.copyOfRange(args, 1, args.length)));
			System.exit(0);
		}
		catch (IllegalArgumentException ex) {
			System.err.println(ex.getMessage() + "\n\n" + Options.USAGE);
			System.exit(2);
		}
	}

	private static void run(Path module, Options options) throws Exception {
		Servers servers = new Servers(module);
		boolean few = options.quick() && options.servers().isEmpty();
		List<Server> all = few ? servers.main() : servers.all();
		List<Server> chosen = Options.choose(all, options.servers(), Server::name);
		List<Workload> workloads = Options.choose(workloads(options), options.workloads(), Workload::name);
		Path target = module.resolve("target");
		Site.Files files = SiteFiles.create(target.resolve("site"), Transfer.DOWNLOAD);
		try (Harness harness = new Harness(files, Cores.detect(),
				(server, workload) -> servers.isFor(server, workload.name()), System.err)) {
			Report report = new Report(
					harness.run(chosen, workloads, options.rounds(), options.warmUp(), options.limit()), chosen,
					workloads);
			print(report);
			Path output = options.output();
			report.writeTo((output != null) ? output : defaultOutput(module, options));
		}
	}

	private static List<Workload> workloads(Options options) {
		if (options.quick() && options.workloads().isEmpty()) {
			return QUICK;
		}
		return List.of(QUICK, SLOW).stream().flatMap(List::stream).toList();
	}

	/**
	 * Only a whole run replaces the results that are kept.
	 */
	private static Path defaultOutput(Path module, Options options) {
		boolean whole = !options.quick() && options.servers().isEmpty() && options.workloads().isEmpty();
		return module.resolve(whole ? "results" : "target/results");
	}

	private static void print(Report report) throws IOException {
		PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
		out.println(report.text());
	}

}
