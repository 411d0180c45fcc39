package io.github.http3spring.context;

import java.util.HashMap;
import java.util.Map;

import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.Http3ShutdownFinishedEvent;

import org.springframework.boot.web.context.WebServerApplicationContext;
import org.springframework.boot.web.context.WebServerGracefulShutdownLifecycle;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;

/**
 * Starts the HTTP/3 server right after the TCP server, whose port it may take over, and
 * stops it right before. Where the context has no TCP server, as in a test with a mock
 * web environment, nothing is started.
 */
public class Http3ServerLifecycle implements SmartLifecycle {

	/**
	 * Phase in which the server is started and stopped.
	 */
	public static final int PHASE = WebServerGracefulShutdownLifecycle.SMART_LIFECYCLE_PHASE - 1024 + 1;

	private static final String PORT_PROPERTY = "local.http3.server.port";

	/**
	 * Property source of Spring Boot with the ports of all servers.
	 */
	private static final String PORTS_PROPERTY_SOURCE = "server.ports";

	private final Http3Server server;

	private final ApplicationContext applicationContext;

	private volatile boolean running;

	/**
	 * Create the lifecycle of a server.
	 * @param server the server
	 * @param applicationContext the context of the server
	 */
	public Http3ServerLifecycle(Http3Server server, ApplicationContext applicationContext) {
		this.server = server;
		this.applicationContext = applicationContext;
	}

	@Override
	public boolean isAutoStartup() {
		return this.applicationContext instanceof WebServerApplicationContext;
	}

	@Override
	public void start() {
		this.server.start();
		this.running = true;
		setPortProperty(this.applicationContext);
		this.applicationContext.publishEvent(new Http3ServerInitializedEvent(this.applicationContext, this.server));
	}

	@Override
	public void stop() {
		this.running = false;
		this.server.stop();
		this.server.getShutdownVerdict()
			.ifPresent((verdict) -> this.applicationContext
				.publishEvent(new Http3ShutdownFinishedEvent(this.server, verdict)));
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	private void setPortProperty(ApplicationContext context) {
		if (context instanceof ConfigurableApplicationContext configurableContext) {
			setPortProperty(configurableContext.getEnvironment());
		}
		if (context.getParent() != null) {
			setPortProperty(context.getParent());
		}
	}

	@SuppressWarnings("unchecked")
	private void setPortProperty(ConfigurableEnvironment environment) {
		PropertySource<?> source = environment.getPropertySources().get(PORTS_PROPERTY_SOURCE);
		if (source == null) {
			source = new MapPropertySource(PORTS_PROPERTY_SOURCE, new HashMap<>());
			environment.getPropertySources().addFirst(source);
		}
		((Map<String, Object>) source.getSource()).put(PORT_PROPERTY, this.server.getPort());
	}

}
