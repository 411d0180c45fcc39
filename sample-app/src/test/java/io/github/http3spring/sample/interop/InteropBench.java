package io.github.http3spring.sample.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

import io.github.http3spring.sample.SampleProcess;
import io.github.http3spring.wire.UdpProxy;

/**
 * Where a client meets the server: over a path of its own, which tells what it has seen.
 */
final class InteropBench implements AutoCloseable {

	private final InteropClient client;

	private final SampleProcess sample;

	private final Path directory;

	private final UdpProxy path;

	private final Deque<InteropSession> sessions = new ArrayDeque<>();

	InteropBench(InteropClient client, SampleProcess sample, Path directory) throws Exception {
		this.client = client;
		this.sample = sample;
		this.directory = Files.createTempDirectory(directory, client.name());
		this.path = UdpProxy.to(sample.udpAddress());
	}

	/**
	 * Start the client.
	 */
	InteropSession open() throws Exception {
		InteropSession session = this.client.start(this.path.address().getPort(), this.directory);
		this.sessions.push(session);
		return session;
	}

	UdpProxy path() {
		return this.path;
	}

	WireEvidence evidence() {
		return new WireEvidence(this.path.trace());
	}

	SampleProcess sample() {
		return this.sample;
	}

	@Override
	public void close() {
		while (!this.sessions.isEmpty()) {
			this.sessions.pop().close();
		}
		this.path.close();
	}

}
