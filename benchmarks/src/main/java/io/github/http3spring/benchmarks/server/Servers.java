package io.github.http3spring.benchmarks.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.github.http3spring.benchmarks.program.AnnotatedApplication;
import io.github.http3spring.benchmarks.program.CodecProgram;
import io.github.http3spring.benchmarks.program.HandlerApplication;
import io.github.http3spring.benchmarks.program.ReactorNettyProgram;
import io.github.http3spring.benchmarks.program.SpringHandlerProgram;

/**
 * All servers that can be compared.
 */
public final class Servers {

	/**
	 * What the others are compared with.
	 */
	public static final String FLOOR = "codec";

	/**
	 * The one that no row of this starter shall be above.
	 */
	public static final String PLAIN = "reactor-netty";

	/**
	 * This starter with a plain handler.
	 */
	public static final String HANDLER = "handler";

	/**
	 * This starter with an annotated controller.
	 */
	public static final String ANNOTATED = "annotated";

	/**
	 * What the names of workloads begin with in which server and client share all cores.
	 */
	public static final String SHARED = "shared-";

	/**
	 * The Linux default of a socket's receive buffer, 212,992 bytes, of which the kernel
	 * doubles what it is asked for.
	 */
	private static final String UNTUNED = "--http3.server.udp.receive-buffer-size=104KB";

	private final List<Server> main = new ArrayList<>();

	private final List<Server> lines = new ArrayList<>();

	private final List<Server> bursts = new ArrayList<>();

	private final List<Server> workers = new ArrayList<>();

	/**
	 * Find out what there is.
	 * @param module the directory of this module
	 */
	public Servers(Path module) {
		Path target = module.resolve("target");
		JvmServer.Libraries netty = new JvmServer.Libraries(target.resolve("classes"),
				target.resolve("netty.classpath"));
		JvmServer handler = new JvmServer(HANDLER, "this starter, `HttpHandler`", HandlerApplication.class.getName(),
				netty);
		JvmServer annotated = new JvmServer(ANNOTATED, "this starter, annotated WebFlux",
				AnnotatedApplication.class.getName(), netty);
		this.main.add(new JvmServer(FLOOR, "bare codec-http3", CodecProgram.class.getName(), netty));
		this.main.add(new JvmServer(PLAIN, "Reactor Netty", ReactorNettyProgram.class.getName(), netty));
		this.main.add(handler);
		this.main.add(annotated);
		this.main.add(annotated.over(Protocol.HTTP2)
			.with("annotated-http2", "annotated WebFlux over HTTP/2 and TCP", "--http3.server.enabled=false"));
		this.main.add(peer(module, "vertx", "Vert.x 5.2.3", "Vertx"));
		this.main.add(peer(module, "jetty", "Jetty 12.1.5", "Jetty"));
		this.main.add(new CaddyServer());
		this.main.add(new NginxServer());
		this.lines.add(new JvmServer("spring-handler", "Reactor Netty, Spring's `HttpHandler`",
				SpringHandlerProgram.class.getName(), netty));
		this.lines.add(sample(module, "sample", "sample on Spring Boot 3.5", "sample-app"));
		this.lines.add(sample(module, "sample-boot4", "sample on Spring Boot 4.1", "http3-spring-boot4-sample-app"));
		this.bursts.add(handler.with("untuned", "this starter, untuned buffer", UNTUNED));
		this.bursts.add(handler.with("untuned-never", "the same, never Retry", UNTUNED,
				"--http3.server.quic.address-validation=never"));
		this.bursts.add(handler.with("untuned-always", "the same, always Retry", UNTUNED,
				"--http3.server.quic.address-validation=always"));
		this.workers.add(handler.with("worker-1", "this starter, 1 worker").sharingCores());
		this.workers
			.add(handler.with("workers-2", "this starter, 2 workers", "--http3.server.workers=2").sharingCores());
	}

	private static JvmServer peer(Path module, String name, String title, String program) {
		Path target = module.resolve("peers").resolve(name).resolve("target");
		return new JvmServer(name, title, "io.github.http3spring.benchmarks." + name + "." + program + "Program",
				new JvmServer.Libraries(target.resolve("classes"), target.resolve("classpath")));
	}

	private static SampleServer sample(Path module, String name, String title, String other) {
		return new SampleServer(name, title, module.resolve("..").resolve(other).resolve("target/sample-app.jar"));
	}

	/**
	 * Return all servers.
	 * @return the servers, in the order of the tables
	 */
	public List<Server> all() {
		List<Server> all = new ArrayList<>(this.main);
		all.addAll(this.lines);
		all.addAll(this.bursts);
		all.addAll(this.workers);
		return all;
	}

	/**
	 * Return those that a first look is for.
	 * @return the servers, in the order of the tables
	 */
	public List<Server> main() {
		return List.copyOf(this.main);
	}

	/**
	 * Tell whether a server is there for a workload.
	 * @param server the server
	 * @param workload the name of the workload
	 * @return whether it does it
	 */
	public boolean isFor(Server server, String workload) {
		if (this.bursts.contains(server)) {
			return workload.equals("burst");
		}
		if (this.workers.contains(server)) {
			return workload.startsWith(SHARED);
		}
		if (this.lines.contains(server)) {
			return workload.equals("get") || workload.equals("download");
		}
		boolean quicOnly = workload.equals("resumption") || workload.equals("burst");
		return !workload.startsWith(SHARED) && !(quicOnly && server.protocol() == Protocol.HTTP2);
	}

}
