package io.github.http3spring.sample;

import java.util.Arrays;
import java.util.List;

import io.github.http3spring.sample.demo.ShutdownDemo;
import io.github.http3spring.sample.get.GetCommand;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Start the sample: nothing here knows of HTTP/3, the starter on the class path is all it
 * takes.
 */
@SpringBootApplication
public class SampleApplication {

	/**
	 * Command that shows a graceful shutdown instead of serving on.
	 */
	private static final String DEMO = "demo";

	/**
	 * Command that sends one request instead of serving.
	 */
	private static final String GET = "get";

	/**
	 * Run the application.
	 * @param args the arguments of the command line
	 */
	public static void main(String[] args) {
		String command = (args.length > 0) ? args[0] : "";
		if (command.equals(DEMO)) {
			String[] others = Arrays.copyOfRange(args, 1, args.length);
			System.exit(ShutdownDemo.run(SampleApplication.class, others));
		}
		if (command.equals(GET)) {
			// Until somebody configures it, logging would print what libraries do
			LoggingSystem.get(SampleApplication.class.getClassLoader()).beforeInitialize();
			System.exit(new GetCommand(System.out, System.err).run(List.of(args).subList(1, args.length)));
		}
		SpringApplication.run(SampleApplication.class, args);
	}

}
