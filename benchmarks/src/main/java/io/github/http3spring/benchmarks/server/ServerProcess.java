package io.github.http3spring.benchmarks.server;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.github.http3spring.benchmarks.machine.Cores;
import io.github.http3spring.benchmarks.machine.Sockets;
import org.jspecify.annotations.Nullable;

/**
 * A server that has been started.
 */
public final class ServerProcess implements AutoCloseable {

	private static final Duration START_LIMIT = Duration.ofSeconds(120);

	private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

	private final Server server;

	private final Site site;

	private final Cores cores;

	private final Process process;

	private final Path log;

	private final Thread killer;

	private @Nullable JvmProbe probe;

	private ServerProcess(Server server, Site site, Cores cores, Process process, Path log) {
		this.server = server;
		this.site = site;
		this.cores = cores;
		this.process = process;
		this.log = log;
		this.killer = new Thread(process::destroyForcibly);
	}

	/**
	 * Start a server, and wait until it listens.
	 * @param server the server
	 * @param files the files that it can use
	 * @param cores where to
	 * @return its process
	 * @throws IOException if it does not listen
	 * @throws InterruptedException if this thread is interrupted
	 */
	public static ServerProcess start(Server server, Site.Files files, Cores cores)
			throws IOException, InterruptedException {
		Site site = new Site(Sockets.freePort(), files);
		Path log = files.directory().resolve(server.name() + ".log");
		Process process = new ProcessBuilder(cores.place(server.command(site), server.sharesCores()))
			.directory(files.directory().toFile())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		ServerProcess started = new ServerProcess(server, site, cores, process, log);
		Runtime.getRuntime().addShutdownHook(started.killer);
		try {
			started.awaitListening();
		}
		catch (IOException | InterruptedException ex) {
			started.close();
			throw ex;
		}
		return started;
	}

	/**
	 * Start one more of the same server.
	 * @return its process
	 * @throws IOException if it does not listen
	 * @throws InterruptedException if this thread is interrupted
	 */
	public ServerProcess another() throws IOException, InterruptedException {
		return start(this.server, this.site.files(), this.cores);
	}

	private void awaitListening() throws IOException, InterruptedException {
		BooleanSupplier listening = switch (this.server.protocol()) {
			case HTTP3 -> () -> Sockets.isUdpBound(this.site.port());
			case HTTP2 -> () -> Sockets.isTcpListening(this.site.port());
		};
		long end = System.nanoTime() + START_LIMIT.toNanos();
		while (!listening.getAsBoolean()) {
			if (!this.process.isAlive() || System.nanoTime() > end) {
				throw new IOException(this.server.name() + " does not listen, see " + this.log);
			}
			TimeUnit.MILLISECONDS.sleep(5);
		}
	}

	/**
	 * Return the server.
	 * @return the server
	 */
	public Server server() {
		return this.server;
	}

	/**
	 * Return its port.
	 * @return the port
	 */
	public int port() {
		return this.site.port();
	}

	/**
	 * Return its process id.
	 * @return the id
	 */
	public long pid() {
		return this.process.pid();
	}

	/**
	 * Return what asks its JVM.
	 * @return the probe, if its process is a JVM
	 * @throws IOException if the JVM does not answer
	 */
	public Optional<JvmProbe> probe() throws IOException {
		if (this.probe == null && this.server.isJvm()) {
			this.probe = JvmProbe.attach(pid());
		}
		return Optional.ofNullable(this.probe);
	}

	/**
	 * Stop it, whatever it is doing.
	 */
	@Override
	public void close() {
		closeProbe();
		this.process.destroy();
		try {
			if (!this.process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
				this.process.destroyForcibly();
			}
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
		removeKiller();
	}

	/**
	 * Nothing asks a JVM that has gone whether it is there.
	 */
	private void closeProbe() {
		try {
			if (this.probe != null) {
				this.probe.close();
			}
		}
		catch (IOException ex) {
			// It has gone before
		}
	}

	private void removeKiller() {
		try {
			Runtime.getRuntime().removeShutdownHook(this.killer);
		}
		catch (IllegalStateException ex) {
			// This JVM is ending, and the hook runs
		}
	}

}
