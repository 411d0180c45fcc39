package io.github.http3spring.server;

import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Http3ShutdownSignal}.
 */
class Http3ShutdownSignalTests {

	private final Http3ShutdownSignal signal = new Http3ShutdownSignal();

	@Test
	void requestWithoutAConnectionHearsOfTheShutdownOfTheServer() {
		CompletableFuture<Void> started = this.signal.started(MockServerHttpRequest.get("/").build()).toFuture();
		assertThat(started).isNotDone();
		this.signal.start();
		assertThat(started).isCompleted();
	}

	@Test
	void shutdownThatHasStartedIsHeardOfAtOnce() {
		this.signal.start();
		assertThat(this.signal.started().toFuture()).isCompleted();
		assertThat(this.signal.started(MockServerHttpRequest.get("/").build()).toFuture()).isCompleted();
	}

}
