package io.github.http3spring.sample;

import java.util.Arrays;

import io.github.http3spring.sample.demo.ShutdownDemo;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

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
	 * Run the application.
	 * @param args the arguments of the command line
	 */
	public static void main(String[] args) {
		if (args.length > 0 && args[0].equals(DEMO)) {
			String[] others = Arrays.copyOfRange(args, 1, args.length);
			System.exit(new ShutdownDemo(SampleApplication.class, System.out).run(others) ? 0 : 1);
		}
		SpringApplication.run(SampleApplication.class, args);
	}

}
