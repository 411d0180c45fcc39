package io.github.http3spring.benchmarks.program;

import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;

/**
 * HTTP/3 of Reactor Netty, with a plain handler of Spring's.
 */
public final class SpringHandlerProgram {

	private SpringHandlerProgram() {
	}

	/**
	 * Serve until the process is ended.
	 * @param args the port and the key store
	 * @throws Exception if it cannot
	 */
	public static void main(String[] args) throws Exception {
		ReactorNettyProgram.server(args)
			.handle(new ReactorHttpHandlerAdapter(new ContentHandler()))
			.bindNow()
			.onDispose()
			.block();
	}

}
