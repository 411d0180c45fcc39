package io.github.http3spring.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Start the sample: nothing here knows of HTTP/3, the starter on the class path is all it
 * takes.
 */
@SpringBootApplication
public class SampleApplication {

	/**
	 * Run the application.
	 * @param args the arguments of the command line
	 */
	public static void main(String[] args) {
		SpringApplication.run(SampleApplication.class, args);
	}

}
