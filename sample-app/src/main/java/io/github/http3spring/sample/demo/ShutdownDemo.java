package io.github.http3spring.sample.demo;

import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.github.http3spring.sample.console.Progress;
import io.github.http3spring.sample.console.Terminal;
import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.ShutdownVerdict;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.Http3SslContextSpec;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.web.ServerProperties;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerSslBundle;
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

	private static final int WRONG_USAGE = 2;

	private final Class<?> application;

	private final PrintStream words;

	private final PrintStream out;

	private final Terminal terminal;

	private final DemoOptions options;

	private ShutdownDemo(Class<?> application, DemoOptions options) {
		this.application = application;
		this.out = System.out;
		this.words = options.json() ? System.err : System.out;
		this.terminal = options.json() ? Terminal.NONE : Terminal.detect();
		this.options = options;
	}

	/**
	 * Run the demo.
	 * @param application the primary source of the application
	 * @param arguments the command line
	 * @return the exit status: 0 if nothing was lost and everything was as expected
	 */
	public static int run(Class<?> application, String... arguments) {
		if (List.of(arguments).contains("--help")) {
			System.out.print(DemoOptions.USAGE);
			return 0;
		}
		try {
			return new ShutdownDemo(application, DemoOptions.parse(arguments)).run() ? 0 : 1;
		}
		catch (IllegalArgumentException ex) {
			System.err.printf("%s%n%n%s", ex.getMessage(), DemoOptions.USAGE);
			return WRONG_USAGE;
		}
	}

	private boolean run() {
		try (Progress progress = new Progress(this.words)) {
			return run(progress, this.options.others().toArray(String[]::new));
		}
	}

	private boolean run(Progress progress, String... args) {
		SpringApplication springApplication = new SpringApplication(this.application);
		springApplication.setAdditionalProfiles(PROFILE);
		this.words.println("The application starts, and clients connect.");
		progress.enter(() -> "the application or one of its clients is not ready yet");
		try (ConfigurableApplicationContext context = springApplication.run(args)) {
			Http3Server server = context.getBean(Http3Server.class);
			InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
			Http3SslContextSpec tls = tls(context);
			try (Network network = new Network(address, this.options); DemoClients clients = start(context, network)) {
				printInFlight(server, clients);
				progress.enter(clients::describeProgress);
				Timeline timeline = stop(context, clients);
				timeline.print(this.words, this.terminal);
				progress.enter(() -> "a client waits for the application to come back");
				boolean served = comesBack(springApplication, address, args);
				return judge(server, clients, served, timeline, compare(progress, tls));
			}
		}
	}

	private static DemoClients start(ConfigurableApplicationContext context, Network network) {
		int tcpPort = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
		return DemoClients.start(network.address(), tcpPort);
	}

	private static Http3SslContextSpec tls(ConfigurableApplicationContext context) {
		Ssl ssl = context.getBean(ServerProperties.class).getSsl();
		SslBundle bundle = WebServerSslBundle.get(ssl, context.getBean(SslBundles.class));
		return Http3SslContextSpec.forServer(bundle.getManagers().getKeyManagerFactory(),
				bundle.getKey().getPassword());
	}

	private @Nullable Comparison compare(Progress progress, Http3SslContextSpec tls) {
		if (!this.options.compare()) {
			return null;
		}
		progress.enter(() -> "clients of Reactor Netty's own server wait for what it still sends");
		Comparison comparison = Comparison.run(tls);
		this.words.println();
		print(comparison.toString());
		return comparison;
	}

	private void print(String text) {
		this.terminal.fit("", text).forEach(this.words::println);
	}

	/**
	 * Start the application again on the same port, to which a client returns.
	 */
	private boolean comesBack(SpringApplication application, InetSocketAddress address, String... args) {
		ReturningClient client = new ReturningClient(address);
		CompletableFuture<Boolean> served = CompletableFuture.supplyAsync(() -> client.comeBack(this.words));
		String[] again = Stream.concat(Stream.of(args), Stream.of("--server.port=" + address.getPort()))
			.toArray(String[]::new);
		this.words.println();
		this.words.println("The application starts again on the same port, to which a client returns:");
		ConfigurableApplicationContext context = application.run(again);
		try {
			return served.join();
		}
		finally {
			context.close();
		}
	}

	private void printInFlight(Http3Server server, DemoClients clients) {
		this.words.printf("%nHTTP/3 on UDP port %d, with requests in flight:%n", server.getPort());
		if (this.options.isDisturbed()) {
			print("The network: " + this.options);
		}
		for (DemoConnection connection : clients.connections()) {
			this.words.printf("  %-12s  %s%n", connection.name(), connection.describeRequests());
		}
		this.words.printf("  %-12s  %s%n", VanishedClient.NAME, clients.vanished().describeRequests());
		this.words.println();
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

	private boolean judge(Http3Server server, DemoClients clients, boolean served, Timeline timeline,
			@Nullable Comparison comparison) {
		this.words.println();
		ShutdownVerdict account = server.getShutdownVerdict().orElseThrow();
		print("The server's own account, which counts the client that has vanished: " + account);
		Verdict verdict = Verdict.of(clients, served, account.connections().vanished());
		verdict.missing().forEach((expectation) -> print(this.terminal.mark(false, "MISSING: " + expectation)));
		print(this.terminal.mark(verdict.isGood(), verdict.toString()));
		if (this.options.json()) {
			this.out.println(
					new DemoReport(this.options, verdict, account.toString(), timeline.sorted(), comparison).toJson());
		}
		return verdict.isGood();
	}

}
