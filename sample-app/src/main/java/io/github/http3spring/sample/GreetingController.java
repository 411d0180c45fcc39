package io.github.http3spring.sample;

import java.time.Duration;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Answer at once, after a while, or without end.
 */
@RestController
class GreetingController {

	private static final Duration EVENT_INTERVAL = Duration.ofMillis(200);

	@GetMapping("/hello")
	String hello() {
		return "hello";
	}

	@GetMapping("/slow")
	Mono<String> slow(@RequestParam(defaultValue = "1000") long millis) {
		return Mono.delay(Duration.ofMillis(millis)).thenReturn("done");
	}

	@GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<ServerSentEvent<String>> events() {
		// A reader that cannot follow misses events; it must not end the stream
		return Flux.interval(EVENT_INTERVAL)
			.onBackpressureDrop()
			.map((number) -> ServerSentEvent.builder("event " + number).id(String.valueOf(number)).build());
	}

}
