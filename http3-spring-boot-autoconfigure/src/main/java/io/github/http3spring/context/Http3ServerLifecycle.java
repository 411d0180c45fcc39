package io.github.http3spring.context;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.UdpPortInUseException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

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

	private static final Log logger = LogFactory.getLog(Http3ServerLifecycle.class);

	private static final Duration RETRY_INTERVAL = Duration.ofMillis(100);

	private final Http3Server server;

	private final ApplicationContext applicationContext;

	private final Duration bindTimeout;

	private volatile boolean running;

	/**
	 * Create the lifecycle of a server.
	 * @param server the server
	 * @param applicationContext the context of the server
	 * @param bindTimeout the time to wait for a UDP port that is taken
	 */
	public Http3ServerLifecycle(Http3Server server, ApplicationContext applicationContext, Duration bindTimeout) {
		this.server = server;
		this.applicationContext = applicationContext;
		this.bindTimeout = bindTimeout;
	}

	@Override
	public boolean isAutoStartup() {
		return this.applicationContext instanceof WebServerApplicationContext;
	}

	@Override
	public void start() {
		startServer();
		this.running = true;
		setPortProperty(this.applicationContext);
		this.applicationContext.publishEvent(new Http3ServerInitializedEvent(this.applicationContext, this.server));
	}

	/**
	 * Start the server, and wait for its port: the process before this one has freed its
	 * TCP port at the start of its shutdown, but needs the UDP port to the end.
	 */
	private void startServer() {
		long deadline = System.nanoTime() + this.bindTimeout.toNanos();
		boolean waiting = false;
		while (true) {
			try {
				this.server.start();
				return;
			}
			catch (UdpPortInUseException ex) {
				if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
					throw ex;
				}
				if (!waiting) {
					waiting = true;
					logger.info(ex.getMessage() + ", perhaps by a process that shuts down: waiting for it for at most "
							+ this.bindTimeout.toMillis() + " ms");
				}
			}
			LockSupport.parkNanos(RETRY_INTERVAL.toNanos());
		}
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
