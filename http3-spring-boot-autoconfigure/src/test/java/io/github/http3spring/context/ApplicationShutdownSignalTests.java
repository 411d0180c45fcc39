package io.github.http3spring.context;

import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ApplicationShutdownSignal}.
 */
class ApplicationShutdownSignalTests {

	private final ApplicationShutdownSignal signal = new ApplicationShutdownSignal();

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

	@Test
	void subscriberFromBeforeTheStartHearsOfTheShutdown() {
		CompletableFuture<Void> started = this.signal.started().toFuture();
		this.signal.reset();
		assertThat(started).isNotDone();
		this.signal.start();
		assertThat(started).isCompleted();
	}

	@Test
	void earlierShutdownIsForgottenWhenTheServerStartsAgain() {
		this.signal.start();
		this.signal.reset();
		CompletableFuture<Void> started = this.signal.started().toFuture();
		assertThat(started).isNotDone();
		this.signal.start();
		assertThat(started).isCompleted();
	}

}
