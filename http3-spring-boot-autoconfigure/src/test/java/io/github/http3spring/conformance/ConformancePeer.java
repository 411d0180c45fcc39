package io.github.http3spring.conformance;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.ConnectionClosedException;
import io.github.http3spring.wire.StreamResetException;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireEvent;
import io.github.http3spring.wire.WireResponse;
import io.github.http3spring.wire.WireStream;
import org.jspecify.annotations.Nullable;

import static io.github.http3spring.TestFutures.get;

/**
 * A client that sends one thing and sees what the server makes of it, on a connection of
 * its own.
 */
final class ConformancePeer {

	private final WireConnection connection;

	ConformancePeer(WireConnection connection) {
		this.connection = connection;
	}

	WireConnection connection() {
		return this.connection;
	}

	/**
	 * Send a whole request.
	 */
	Outcome request(byte[] bytes) throws Exception {
		WireStream stream = this.connection.openSilently();
		stream.rawLast(bytes);
		return outcomeOf(stream);
	}

	/**
	 * Send the beginning of a request, and expect an answer to it.
	 */
	Outcome beginning(byte[] bytes) throws Exception {
		return outcomeOf(this.connection.rawBidirectional(bytes));
	}

	/**
	 * Send the beginning of a request that may wait for the rest.
	 */
	Outcome unfinished(byte[] bytes) throws Exception {
		WireStream stream = this.connection.rawBidirectional(bytes);
		Outcome end = endOfConnection();
		if (end != null) {
			return end;
		}
		return stream.response().isDone() ? outcomeOf(stream) : Outcome.WAITS;
	}

	Outcome control(byte[] bytes) throws Exception {
		this.connection.controlStream().raw(bytes);
		return outcome();
	}

	Outcome unidirectional(byte[] bytes) throws Exception {
		this.connection.rawUnidirectional(bytes);
		return outcome();
	}

	/**
	 * Wait for the end of a request, and look whether the connection goes on after it.
	 */
	Outcome outcomeOf(WireStream stream) throws Exception {
		Outcome outcome;
		try {
			outcome = get(stream.response().handle((response, ex) -> outcomeOf(stream, response, ex)));
		}
		catch (TimeoutException ex) {
			outcome = Outcome.NOTHING;
		}
		Outcome end = endOfConnection();
		return (end != null) ? end : outcome;
	}

	private Outcome outcomeOf(WireStream stream, @Nullable WireResponse response, @Nullable Throwable failure) {
		if (response != null) {
			String statuses = this.connection.events()
				.stream()
				.filter((event) -> event.type() == WireEvent.Type.HEADERS && event.streamId() == stream.streamId()
						&& event.value() > 0)
				.map((event) -> Long.toString(event.value()))
				.collect(Collectors.joining(", "));
			return Outcome.answered(statuses, response.bodyAsString());
		}
		Throwable cause = (failure instanceof CompletionException) ? failure.getCause() : failure;
		return (cause instanceof StreamResetException reset) ? Outcome.reset(reset.code()) : Outcome.NOTHING;
	}

	/**
	 * Look what has become of the connection.
	 */
	Outcome outcome() throws Exception {
		Outcome end = endOfConnection();
		return (end != null) ? end : Outcome.IGNORED;
	}

	/**
	 * Return how the server has closed the connection, {@code null} if it serves two more
	 * requests: by the second, it has looked at all that was sent before the first.
	 */
	private @Nullable Outcome endOfConnection() throws Exception {
		for (int count = 0; count < 2; count++) {
			CompletableFuture<WireResponse> response = this.connection.get("/hello").response();
			try {
				if (get(response).status() != 200) {
					return Outcome.NOTHING;
				}
			}
			catch (ExecutionException ex) {
				if (!(ex.getCause() instanceof ConnectionClosedException)) {
					throw ex;
				}
				CloseFrame close = get(this.connection.closed());
				return Outcome.closed(close.application(), close.errorCode());
			}
		}
		return null;
	}

	/**
	 * Return what the server has put into the header section of a response.
	 */
	List<String> field(byte[] request, String name) throws Exception {
		WireStream stream = this.connection.openSilently();
		stream.rawLast(request);
		return get(stream.response()).headers().getOrDefault(name, List.of());
	}

}
