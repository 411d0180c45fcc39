package io.github.http3spring.sample.demo;

import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.github.http3spring.sample.console.Progress;
import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.ShutdownVerdict;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Stops an application while clients use it, and tells what each of them saw and whether
 * anything was lost. All of it comes from what the clients recorded.
 */
public final class ShutdownDemo {

	/**
	 * Profile of the application in the demo.
	 */
	private static final String PROFILE = "demo";

	private final Class<?> application;

	private final PrintStream out;

	/**
	 * Create the demo.
	 * @param application the primary source of the application
	 * @param out where to print to
	 */
	public ShutdownDemo(Class<?> application, PrintStream out) {
		this.application = application;
		this.out = out;
	}

	/**
	 * Run the demo.
	 * @param args further arguments of the application
	 * @return whether nothing was lost and everything was as expected
	 */
	public boolean run(String... args) {
		try (Progress progress = new Progress(this.out)) {
			return run(progress, args);
		}
	}

	private boolean run(Progress progress, String... args) {
		SpringApplication springApplication = new SpringApplication(this.application);
		springApplication.setAdditionalProfiles(PROFILE);
		this.out.println("The application starts, and clients connect.");
		progress.enter(() -> "the application or one of its clients is not ready yet");
		try (ConfigurableApplicationContext context = springApplication.run(args)) {
			Http3Server server = context.getBean(Http3Server.class);
			InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
			int tcpPort = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
			try (DemoClients clients = DemoClients.start(address, tcpPort)) {
				printInFlight(server, clients);
				progress.enter(clients::describeProgress);
				Timeline timeline = stop(context, clients);
				timeline.print(this.out);
				progress.enter(() -> "a client waits for the application to come back");
				boolean served = comesBack(springApplication, address, args);
				return judge(server, clients, served);
			}
		}
	}

	/**
	 * Start the application again on the same port, to which a client returns.
	 */
	private boolean comesBack(SpringApplication application, InetSocketAddress address, String... args) {
		ReturningClient client = new ReturningClient(address);
		CompletableFuture<Boolean> served = CompletableFuture.supplyAsync(() -> client.comeBack(this.out));
		String[] again = Stream.concat(Stream.of(args), Stream.of("--server.port=" + address.getPort()))
			.toArray(String[]::new);
		this.out.println();
		this.out.println("The application starts again on the same port, to which a client returns:");
		ConfigurableApplicationContext context = application.run(again);
		try {
			return served.join();
		}
		finally {
			context.close();
		}
	}

	private void printInFlight(Http3Server server, DemoClients clients) {
		this.out.printf("%nHTTP/3 on UDP port %d, with requests in flight:%n", server.getPort());
		for (DemoConnection connection : clients.connections()) {
			this.out.printf("  %-12s  %s%n", connection.name(), connection.describeRequests());
		}
		this.out.printf("  %-12s  %s%n", VanishedClient.NAME, clients.vanished().describeRequests());
		this.out.println();
	}

	private Timeline stop(ConfigurableApplicationContext context, DemoClients clients) {
		long start = System.nanoTime();
		Timeline timeline = new Timeline(start);
		timeline.add(start, "server", "the application context closes: shutdown starts");
		context.close();
		timeline.add(System.nanoTime(), "server", "the application context is closed, nothing is left");
		clients.awaitEnd();
		clients.report(timeline);
		return timeline;
	}

	private boolean judge(Http3Server server, DemoClients clients, boolean served) {
		this.out.println();
		ShutdownVerdict account = server.getShutdownVerdict().orElseThrow();
		this.out.println("The server's own account, which counts the client that has vanished: " + account);
		Verdict verdict = Verdict.of(clients, served, account.connections().vanished());
		verdict.missing().forEach((expectation) -> this.out.println("MISSING: " + expectation));
		this.out.println(verdict);
		return verdict.isGood();
	}

}
