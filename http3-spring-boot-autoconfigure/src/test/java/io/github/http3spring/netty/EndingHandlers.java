package io.github.http3spring.netty;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * Handlers that answer in each way in which a handler can, and count what they begin and
 * what of it ends.
 */
final class EndingHandlers {

	private static final String CHUNK = "x".repeat(16_384);

	private final Map<Answer, Counts> counts = new EnumMap<>(Answer.class);

	private final Sinks.Many<String> told = Sinks.many().multicast().directBestEffort();

	EndingHandlers() {
		for (Answer answer : Answer.values()) {
			this.counts.put(answer, new Counts());
		}
	}

	/**
	 * Return how many requests have reached a handler.
	 */
	int requests(Answer answer) {
		return this.counts.get(answer).requests.get();
	}

	/**
	 * Return how many requests have reached any handler.
	 */
	int requests() {
		return this.counts.values().stream().mapToInt((counts) -> counts.requests.get()).sum();
	}

	/**
	 * Return how many subscriptions there are now to handlers of a kind and to what they
	 * have answered.
	 */
	int subscriptions(Answer answer) {
		return this.counts.get(answer).subscriptions.get();
	}

	/**
	 * Let the handlers that wait for it answer.
	 */
	void tell() {
		this.told.tryEmitNext("told");
	}

	HttpHandler handler() {
		HttpHandler answers = RouterFunctions.toHttpHandler(RouterFunctions.route((request) -> true, this::answer));
		return (request, response) -> {
			Counts counts = this.counts.get(Answer.valueOf(request.getPath().value().substring(1)));
			counts.requests.incrementAndGet();
			return Mono.defer(() -> {
				counts.subscriptions.incrementAndGet();
				return answers.handle(request, response).doFinally((signal) -> counts.subscriptions.decrementAndGet());
			});
		};
	}

	private Mono<ServerResponse> answer(ServerRequest request) {
		Answer answer = Answer.valueOf(request.path().substring(1));
		return switch (answer) {
			case AT_ONCE -> ServerResponse.ok().bodyValue("at once");
			case LATE -> Mono.delay(Duration.ofMillis(20)).then(ServerResponse.ok().bodyValue("late"));
			case NEVER -> Mono.never();
			case WITHOUT_A_FIRST_ELEMENT -> content(answer, Flux.<DataBuffer>never(), DataBuffer.class);
			case WHEN_TOLD -> content(answer, this.told.asFlux(), String.class);
			case EVENTS -> content(answer, events(), ServerSentEvent.class);
			case ENDLESSLY ->
				content(answer, chunks(request.exchange().getResponse().bufferFactory()), DataBuffer.class);
			case WITH_WHAT_COMES -> content(answer, request.bodyToFlux(DataBuffer.class), DataBuffer.class);
			case WHEN_ALL_IS_READ ->
				counted(answer, request.bodyToFlux(DataBuffer.class)).doOnNext(DataBufferUtils::release)
					.then(ServerResponse.ok().bodyValue("read"));
		};
	}

	private static Flux<ServerSentEvent<String>> events() {
		// One that is late is left out: too many would end the stream by themselves
		return Flux.interval(Duration.ZERO, Duration.ofMillis(10))
			.onBackpressureDrop()
			.map((number) -> ServerSentEvent.builder("event " + number).build());
	}

	private static Flux<DataBuffer> chunks(DataBufferFactory factory) {
		return Flux
			.<DataBuffer>generate(
					(sink) -> sink.next(factory.allocateBuffer(CHUNK.length()).write(CHUNK, StandardCharsets.US_ASCII)))
			.doOnDiscard(DataBuffer.class, DataBufferUtils::release);
	}

	private <T> Mono<ServerResponse> content(Answer answer, Flux<T> content, Class<? super T> type) {
		@SuppressWarnings("unchecked")
		Class<T> elementType = (Class<T>) type;
		return ServerResponse.ok().body(counted(answer, content), elementType);
	}

	private <T> Flux<T> counted(Answer answer, Flux<T> flux) {
		AtomicInteger subscriptions = this.counts.get(answer).subscriptions;
		return Flux.defer(() -> {
			subscriptions.incrementAndGet();
			return flux.doFinally((signal) -> subscriptions.decrementAndGet());
		});
	}

	/**
	 * Ways in which a handler answers.
	 */
	enum Answer {

		AT_ONCE, LATE, NEVER, WITHOUT_A_FIRST_ELEMENT, WHEN_TOLD, EVENTS, ENDLESSLY, WITH_WHAT_COMES, WHEN_ALL_IS_READ

	}

	/**
	 * Counts of one kind of handler.
	 */
	private static final class Counts {

		private final AtomicInteger requests = new AtomicInteger();

		private final AtomicInteger subscriptions = new AtomicInteger();

	}

}
