package io.github.http3spring;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.web.embedded.EmbeddedWebServerFactoryCustomizerAutoConfiguration;
import org.springframework.boot.web.embedded.netty.NettyRouteProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ZeroCopyHttpOutputMessage;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.http.codec.multipart.FilePart;
import org.springframework.http.codec.multipart.FormFieldPart;
import org.springframework.http.codec.multipart.Part;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;

/**
 * An application that tells everything that a handler can ask of a request, and does
 * everything that it can do to a response.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration(EmbeddedWebServerFactoryCustomizerAutoConfiguration.class)
@Import({ TestApplication.class, ParityApplication.Requests.class, ParityApplication.Responses.class })
class ParityApplication {

	@Bean
	WebFilter principal() {
		return (exchange, chain) -> {
			String name = exchange.getRequest().getHeaders().getFirst("Authorization");
			Mono<Principal> principal = Mono.justOrEmpty(name).map((user) -> () -> user);
			return chain.filter((name != null) ? exchange.mutate().principal(principal).build() : exchange);
		};
	}

	@Bean
	HandlerMapping webSockets() {
		return new SimpleUrlHandlerMapping(
				Map.of("/web-socket", (WebSocketHandler) (session) -> session.send(session.receive())), -1);
	}

	@Bean
	NettyRouteProvider nettyRoutes(Environment environment) {
		Path file = Path.of(environment.getRequiredProperty("parity.file"));
		return (routes) -> routes
			.get("/raw/{name}",
					(request, response) -> response.header("native", request.param("name"))
						.sendString(Mono.just("raw")))
			.post("/raw/echo", (request, response) -> response.send(request.receive().retain()))
			.get("/raw-file", (request, response) -> response.sendFile(file, 100, 70_000));
	}

	/**
	 * What a handler can ask.
	 */
	@RestController
	static class Requests {

		@RequestMapping("/facts/**")
		Mono<String> facts(ServerWebExchange exchange) {
			Map<String, Object> facts = new TreeMap<>();
			types(exchange, facts);
			request(exchange.getRequest(), facts);
			tls(exchange.getRequest().getSslInfo(), facts);
			nativeRequest(((AbstractServerHttpRequest) exchange.getRequest()).getNativeRequest(), facts);
			facts.put("exchange.attributes", new TreeMap<>(exchange.getAttributes()).keySet());
			facts.put("exchange.locale", exchange.getLocaleContext().getLocale());
			facts.put("exchange.logPrefix", form(exchange.getLogPrefix()));
			facts.put("exchange.notModified", exchange.isNotModified());
			return Mono
				.zip(exchange.getPrincipal().map(Principal::getName).defaultIfEmpty("nobody"),
						exchange.getFormData().map(Object::toString), exchange.getMultipartData().flatMap(this::parts),
						exchange.getSession().map((session) -> session.isStarted() + " " + session.getAttributes()))
				.map((later) -> {
					facts.put("exchange.principal", later.getT1());
					facts.put("exchange.form", later.getT2());
					facts.put("exchange.multipart", later.getT3());
					facts.put("exchange.session", later.getT4());
					return facts.entrySet()
						.stream()
						.map((fact) -> fact.getKey() + ": " + fact.getValue())
						.collect(Collectors.joining("\n"));
				});
		}

		private static void types(ServerWebExchange exchange, Map<String, Object> facts) {
			ServerHttpRequest request = exchange.getRequest();
			ServerHttpResponse response = exchange.getResponse();
			Object nativeRequest = ((AbstractServerHttpRequest) request).getNativeRequest();
			Object nativeResponse = ((AbstractServerHttpResponse) response).getNativeResponse();
			facts.put("type.exchange", exchange.getClass().getName());
			facts.put("type.request", request.getClass().getName());
			facts.put("type.response", response.getClass().getName());
			facts.put("type.response.zeroCopy", response instanceof ZeroCopyHttpOutputMessage);
			facts.put("type.native.request", nativeRequest instanceof HttpServerRequest);
			facts.put("type.native.response", nativeResponse instanceof HttpServerResponse);
			facts.put("type.native.connection",
					nativeRequest instanceof Connection && nativeRequest instanceof ChannelOperations<?, ?>);
			facts.put("type.native.same", nativeRequest == nativeResponse);
			facts.put("type.bufferFactory", response.bufferFactory().getClass().getName());
			facts.put("type.mutated", request.mutate().header("a", "b").build().getClass().getName());
			facts.put("response.status", response.getStatusCode());
			Map<String, List<String>> headers = new TreeMap<>();
			response.getHeaders().forEach(headers::put);
			facts.put("response.headers", headers);
			facts.put("response.committed", response.isCommitted());
		}

		private static void request(ServerHttpRequest request, Map<String, Object> facts) {
			facts.put("request.method", request.getMethod());
			facts.put("request.uri", request.getURI());
			facts.put("request.uri.host", request.getURI().getHost());
			facts.put("request.uri.port", request.getURI().getPort());
			facts.put("request.path", request.getPath());
			facts.put("request.contextPath", request.getPath().contextPath());
			facts.put("request.query", request.getQueryParams());
			request.getHeaders()
				.forEach((name, values) -> facts.put("request.header." + name.toLowerCase(Locale.ROOT), values));
			facts.put("request.headers.case", request.getHeaders().getFirst("MuLtI"));
			facts.put("request.headers.host", request.getHeaders().getHost());
			facts.put("request.headers.contentLength", request.getHeaders().getContentLength());
			facts.put("request.cookies", new TreeMap<>(request.getCookies()));
			facts.put("request.localAddress", form(request.getLocalAddress()));
			facts.put("request.remoteAddress", form(request.getRemoteAddress()));
			facts.put("request.id", form(request.getId()));
			facts.put("request.attributes", new TreeMap<>(request.getAttributes()).keySet());
		}

		private static void tls(SslInfo info, Map<String, Object> facts) {
			facts.put("tls.type", info.getClass().getName());
			facts.put("tls.sessionId", Objects.requireNonNull(info.getSessionId()).matches("[0-9a-f]{32,64}"));
			facts.put("tls.peerCertificates", info.getPeerCertificates());
		}

		private static void nativeRequest(HttpServerRequest request, Map<String, Object> facts) {
			facts.put("native.protocol", request.protocol());
			facts.put("native.version", request.version());
			facts.put("native.scheme", request.scheme() + " " + request.connectionScheme());
			facts.put("native.hostName", request.hostName());
			facts.put("native.hostPort", request.hostPort());
			facts.put("native.hostAddress", form(request.hostAddress()));
			facts.put("native.remoteAddress", form(request.remoteAddress()));
			facts.put("native.connectionHostAddress", form(request.connectionHostAddress()));
			facts.put("native.connectionRemoteAddress", form(request.connectionRemoteAddress()));
			facts.put("native.forwardedPrefix", request.forwardedPrefix());
			facts.put("native.uri", request.uri());
			facts.put("native.path", request.path() + " " + request.fullPath());
			facts.put("native.method", request.method());
			facts.put("native.keepAlive", request.isKeepAlive());
			facts.put("native.websocket", request.isWebsocket());
			facts.put("native.form", request.isFormUrlencoded() + " " + request.isMultipart());
			facts.put("native.cookies", request.cookies().keySet());
			facts.put("native.requestId", form(request.requestId()));
			facts.put("native.timestamp", request.timestamp() != null);
			facts.put("native.params", request.params());
		}

		private Mono<String> parts(Map<String, ? extends Iterable<Part>> parts) {
			return Flux.fromIterable(new TreeMap<>(parts).values()).flatMapIterable((values) -> values).map((part) -> {
				String value = (part instanceof FormFieldPart field) ? field.value()
						: ((FilePart) part).filename() + part.headers().getContentType();
				return part.name() + "=" + value;
			}).collect(Collectors.joining(","));
		}

		/**
		 * Return an address with the number of an ephemeral port left out.
		 */
		private static String form(SocketAddress address) {
			InetSocketAddress inet = (InetSocketAddress) address;
			String port = (inet.getPort() >= 32768) ? "ephemeral" : String.valueOf(inet.getPort());
			return inet.getHostString() + " " + inet.getAddress() + " " + port;
		}

		private static String form(String id) {
			return id.replaceAll("[0-9a-f]{8}", "H").replaceAll("[0-9]+", "N");
		}

	}

	/**
	 * What a handler can do.
	 */
	@RestController
	static class Responses {

		private final Path file;

		Responses(Environment environment) {
			this.file = Path.of(environment.getRequiredProperty("parity.file"));
		}

		@RequestMapping("/status")
		Mono<Void> status(ServerWebExchange exchange, @RequestParam int code) {
			exchange.getResponse().setStatusCode(HttpStatusCode.valueOf(code));
			return exchange.getResponse().setComplete();
		}

		@RequestMapping("/status-with-body")
		Mono<Void> statusWithBody(ServerWebExchange exchange, @RequestParam int code) {
			exchange.getResponse().setStatusCode(HttpStatusCode.valueOf(code));
			return exchange.getResponse().writeWith(Mono.just(buffer("some text")));
		}

		@GetMapping("/headers")
		Mono<Void> headers(ServerHttpResponse response) {
			response.getHeaders().add("Several", "1");
			response.getHeaders().add("several", "2");
			response.getHeaders().setContentLanguage(Locale.GERMAN);
			response.addCookie(ResponseCookie.from("full", "value")
				.path("/p")
				.domain("example.org")
				.maxAge(60)
				.secure(true)
				.httpOnly(true)
				.sameSite("Strict")
				.partitioned(true)
				.build());
			response.addCookie(ResponseCookie.from("plain", "").build());
			response.beforeCommit(() -> {
				response.getHeaders().set("before-commit", "yes");
				return Mono.empty();
			});
			return response.writeWith(Mono.just(buffer("with headers")));
		}

		@GetMapping("/unknown-length")
		Mono<Void> unknownLength(ServerHttpResponse response) {
			return response.writeWith(Flux.just("a", "b", "c").map(Responses::buffer));
		}

		@GetMapping("/groups")
		Mono<Void> groups(ServerHttpResponse response) {
			return response
				.writeAndFlushWith(Flux.just("a", "b", "c").map((text) -> Flux.just(buffer(text), buffer(text))));
		}

		@GetMapping("/zero-copy")
		Mono<Void> zeroCopy(ServerHttpResponse response, @RequestParam long position, @RequestParam long count) {
			return ((ZeroCopyHttpOutputMessage) response).writeWith(this.file, position, count);
		}

		@GetMapping("/native")
		Mono<Void> nativeResponse(ServerHttpResponse response) {
			HttpServerResponse nativeResponse = ((AbstractServerHttpResponse) response).getNativeResponse();
			return nativeResponse.status(207).header("native", "yes").sendString(Mono.just("native")).then();
		}

		@GetMapping("/trailers")
		Mono<Void> trailers(ServerHttpResponse response) {
			HttpServerResponse nativeResponse = ((AbstractServerHttpResponse) response).getNativeResponse();
			nativeResponse.header("trailer", "checksum").trailerHeaders((trailers) -> trailers.set("checksum", "42"));
			return response.writeWith(Flux.just("a", "b").map(Responses::buffer));
		}

		@GetMapping("/events")
		Flux<ServerSentEvent<String>> events() {
			return Flux.just("1", "2").map((data) -> ServerSentEvent.builder(data).id(data).event("e").build());
		}

		@GetMapping("/not-modified")
		Mono<String> notModified(ServerWebExchange exchange) {
			return exchange.checkNotModified("\"tag\"", Instant.EPOCH) ? Mono.empty() : Mono.just("modified");
		}

		@GetMapping("/error-before-commit")
		Mono<String> errorBeforeCommit() {
			return Mono.error(new IllegalStateException("as the test wants it"));
		}

		@GetMapping("/error-after-commit")
		Mono<Void> errorAfterCommit(ServerHttpResponse response) {
			Flux<DataBuffer> body = Flux.just("a", "b").map(Responses::buffer);
			return response.writeAndFlushWith(Flux.just(body, body, Flux.error(new IllegalStateException("wanted"))));
		}

		@GetMapping("/session")
		Mono<String> session(ServerWebExchange exchange) {
			return exchange.getSession().map((session) -> {
				session.getAttributes().put("a", "b");
				return "session";
			});
		}

		@GetMapping("/text")
		String text() {
			return "text ".repeat(1000);
		}

		@GetMapping("/text-file")
		Mono<Void> compressibleFile(ServerHttpResponse response) {
			response.getHeaders().set("Content-Type", "text/plain");
			return ((ZeroCopyHttpOutputMessage) response).writeWith(this.file, 0, 300_000);
		}

		@PostMapping(path = "/optional-body", consumes = "application/json")
		String optionalBody(@RequestBody(required = false) String body) {
			return "json " + body;
		}

		private static DataBuffer buffer(String text) {
			return DefaultDataBufferFactory.sharedInstance.wrap(text.getBytes(StandardCharsets.UTF_8));
		}

	}

}
