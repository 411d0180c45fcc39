package io.github.http3spring.gateway;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Start the gateway. Its routes are in its configuration, and HTTP/3 is in the starter.
 */
@SpringBootApplication
public class GatewaySampleApplication {

	/**
	 * Run the application.
	 * @param args the arguments of the command line
	 */
	public static void main(String[] args) {
		SpringApplication.run(GatewaySampleApplication.class, args);
	}

}
