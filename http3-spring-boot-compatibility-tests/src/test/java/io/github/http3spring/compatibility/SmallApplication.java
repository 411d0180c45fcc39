package io.github.http3spring.compatibility;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The smallest application, and what starts it.
 */
public class SmallApplication implements Function<String[], Map.Entry<Runnable, Map<String, Integer>>> {

	private final Class<?> source;

	public SmallApplication() {
		this(Application.class);
	}

	SmallApplication(Class<?> source) {
		this.source = source;
	}

	@Override
	public Map.Entry<Runnable, Map<String, Integer>> apply(String[] arguments) {
		ConfigurableApplicationContext context = SpringApplication.run(this.source, arguments);
		Map<String, Integer> ports = new HashMap<>();
		for (String name : new String[] { "local.server.port", "local.http3.server.port" }) {
			Integer port = context.getEnvironment().getProperty(name, Integer.class);
			if (port != null) {
				ports.put(name, port);
			}
		}
		return Map.entry(context::close, ports);
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@RestController
	public static class Application {

		@GetMapping("/hello")
		String hello() {
			return "hello";
		}

	}

}
