package io.github.http3spring.sample.demo;

import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

import io.github.http3spring.wire.StreamResetException;
import io.github.http3spring.wire.WireResponse;
import io.github.http3spring.wire.WireStream;

/**
 * A GET request, and how to know its whole response.
 *
 * @param path the path
 * @param stream the stream of the request
 * @param expected tells whether a response has the right content, to the last byte
 */
record DemoRequest(String path, WireStream stream, Predicate<WireResponse> expected) {

	private static final long NONE = -1;

	static Predicate<WireResponse> text(String body) {
		return (response) -> response.bodyAsString().equals(body);
	}

	static Predicate<WireResponse> pattern(long size) {
		return (response) -> response.bodyLength() == size && response.patternMatches();
	}

	static Predicate<WireResponse> wholeEvents() {
		return (response) -> response.bodyAsString().startsWith("id:") && response.bodyAsString().endsWith("\n\n");
	}

	boolean isComplete() {
		CompletableFuture<WireResponse> response = this.stream.response();
		return response.isDone() && !response.isCompletedExceptionally() && isExpected(response.join());
	}

	/**
	 * Return the code with which the server reset the stream, or {@code -1} if it did
	 * not.
	 */
	long resetCode() {
		return this.stream.response()
			.handle((response, ex) -> (Causes.unwrap(ex) instanceof StreamResetException reset) ? reset.code() : NONE)
			.getNow(NONE);
	}

	/**
	 * Describe the end of the response, which has come.
	 */
	String describeEnd() {
		CompletableFuture<WireResponse> future = this.stream.response();
		if (!future.isDone() || future.isCompletedExceptionally()) {
			return "GET %s ended without a response".formatted(this.path);
		}
		WireResponse response = future.join();
		return "GET %s %s: %d, %d bytes".formatted(this.path, isExpected(response) ? "complete" : "WRONG",
				response.status(), response.bodyLength());
	}

	private boolean isExpected(WireResponse response) {
		return response.status() == 200 && this.expected.test(response);
	}

}
