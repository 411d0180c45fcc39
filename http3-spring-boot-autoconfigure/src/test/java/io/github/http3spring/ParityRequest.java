package io.github.http3spring;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.NettyOutbound;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;

/**
 * A request that is made over several versions of HTTP, and what is compared of the
 * answers: status, header fields, trailers, and either the facts that
 * {@link ParityApplication} tells or the body.
 */
record ParityRequest(HttpMethod method, String path, List<Map.Entry<String, String>> headers, @Nullable String body,
		boolean lengthKnown) {

	/**
	 * What Reactor Netty's client makes up, as the server's codec does.
	 */
	private static final Set<String> MADE_UP = Set.of("transfer-encoding", "x-http2-stream-id", "x-http3-stream-id");

	static ParityRequest get(String path) {
		return of("GET", path);
	}

	static ParityRequest of(String method, String path) {
		return new ParityRequest(HttpMethod.valueOf(method), path, List.of(), null, false);
	}

	ParityRequest header(String name, String value) {
		List<Map.Entry<String, String>> headers = new ArrayList<>(this.headers);
		headers.add(Map.entry(name, value));
		return new ParityRequest(this.method, this.path, headers, this.body, this.lengthKnown);
	}

	ParityRequest body(String body) {
		return new ParityRequest(this.method, this.path, this.headers, body, true);
	}

	ParityRequest bodyOfUnknownLength(String body) {
		return new ParityRequest(this.method, this.path, this.headers, body, false);
	}

	Map<String, String> ask(HttpClient client) {
		return Objects.requireNonNull(client.headers(this::addHeaders)
			.request(this.method)
			.uri(this.path)
			.send(this::send)
			.responseSingle((response, content) -> content.asByteArray()
				.defaultIfEmpty(new byte[0])
				.zipWith(response.trailerHeaders().defaultIfEmpty(new DefaultHttpHeaders()),
						(body, trailers) -> describe(response, body, trailers)))
			.block(TestHttpClient.TIMEOUT));
	}

	private void addHeaders(HttpHeaders headers) {
		Set.copyOf(this.headers.stream().map(Map.Entry::getKey).toList()).forEach(headers::remove);
		this.headers.forEach((header) -> headers.add(header.getKey(), header.getValue()));
	}

	private Publisher<Void> send(HttpClientRequest request, NettyOutbound outbound) {
		if (this.body == null) {
			return outbound;
		}
		byte[] bytes = this.body.getBytes(StandardCharsets.UTF_8);
		if (this.lengthKnown) {
			request.header("content-length", String.valueOf(bytes.length));
			return outbound.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(bytes)));
		}
		return outbound.send(Flux.defer(() -> Flux.just(Unpooled.wrappedBuffer(bytes))));
	}

	private static Map<String, String> describe(HttpClientResponse response, byte[] body, HttpHeaders trailers) {
		Map<String, String> description = new TreeMap<>();
		description.put("status", response.status().codeAsText().toString());
		for (String name : response.responseHeaders().names()) {
			if (!MADE_UP.contains(name.toLowerCase(Locale.ROOT))) {
				description.put("header." + name.toLowerCase(Locale.ROOT),
						withoutAccidents(response.responseHeaders().getAll(name).toString()));
			}
		}
		trailers.forEach((trailer) -> description.put("trailer." + trailer.getKey(), trailer.getValue()));
		String text = new String(body, StandardCharsets.UTF_8);
		if (text.startsWith("exchange.")) {
			// Its length is that of what is compared
			description.remove("header.content-length");
			text.lines().map((line) -> line.split(": ", 2)).forEach((fact) -> description.put(fact[0], fact[1]));
		}
		else {
			description.put("body", (body.length > 2000) ? body.length + " bytes, hash " + Arrays.hashCode(body)
					: withoutAccidents(text));
		}
		return description;
	}

	/**
	 * Leave out what is another one for each request.
	 */
	private static String withoutAccidents(String text) {
		return text.replaceAll("SESSION=[0-9a-f-]+", "SESSION")
			.replaceAll("\"timestamp\":(?:[0-9]+|\"[^\"]+\")", "timestamp")
			.replaceAll("\"requestId\":\"[^\"]+", "requestId")
			.replaceAll("boundary=[0-9A-Za-z_-]+", "boundary")
			.replaceAll("--[0-9A-Za-z_-]{20,}", "--boundary");
	}

}
