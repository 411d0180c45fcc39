package io.github.http3spring.benchmarks.server;

import java.nio.file.Path;
import java.util.List;

import io.github.http3spring.benchmarks.program.AnnotatedApplication;
import io.github.http3spring.benchmarks.program.CodecProgram;
import io.github.http3spring.benchmarks.program.HandlerApplication;
import io.github.http3spring.benchmarks.program.ReactorNettyProgram;

/**
 * All servers that can be compared.
 */
public final class Servers {

	/**
	 * What the others are compared with.
	 */
	public static final String FLOOR = "codec";

	private Servers() {
	}

	/**
	 * Return all servers.
	 * @param target the directory of what the build of this module has made
	 * @return the servers, in the order of the tables
	 */
	public static List<Server> all(Path target) {
		JvmServer.Libraries netty = new JvmServer.Libraries(target.resolve("netty.classpath"));
		return List.of(new JvmServer(FLOOR, "bare codec-http3", CodecProgram.class, netty),
				new JvmServer("reactor-netty", "Reactor Netty", ReactorNettyProgram.class, netty),
				new JvmServer("handler", "this starter, `HttpHandler`", HandlerApplication.class, netty),
				new JvmServer("annotated", "this starter, annotated WebFlux", AnnotatedApplication.class, netty));
	}

}
