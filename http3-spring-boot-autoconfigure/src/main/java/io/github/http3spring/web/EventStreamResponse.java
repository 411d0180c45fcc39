package io.github.http3spring.web;

import java.nio.file.Path;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ZeroCopyHttpOutputMessage;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.util.MultiValueMap;

/**
 * A response whose event stream ends with a signal, after what is being written. Has no
 * state of its own but whether it is being written. It is no
 * {@link ServerHttpResponseDecorator}, because handlers may cast what they get to the
 * types of Spring's own responses.
 */
class EventStreamResponse extends AbstractServerHttpResponse {

	private final ServerHttpResponse delegate;

	private final Mono<Void> end;

	private volatile boolean begun;

	EventStreamResponse(ServerHttpResponse delegate, Mono<Void> end) {
		super(delegate.bufferFactory(), delegate.getHeaders());
		this.delegate = delegate;
		this.end = end;
	}

	/**
	 * Create a response.
	 * @param delegate the response of the server
	 * @param end completes when event streams have to end
	 */
	static EventStreamResponse of(ServerHttpResponse delegate, Mono<Void> end) {
		return (delegate instanceof ZeroCopyHttpOutputMessage) ? new ZeroCopy(delegate, end)
				: new EventStreamResponse(delegate, end);
	}

	/**
	 * Return whether this is an event stream that has not had its first event yet.
	 */
	boolean isSilent() {
		return !this.begun && !isCommitted() && isEventStream();
	}

	private boolean isEventStream() {
		MediaType contentType = getHeaders().getContentType();
		return contentType != null && MediaType.TEXT_EVENT_STREAM.isCompatibleWith(contentType);
	}

	@Override
	protected Mono<Void> writeWithInternal(Publisher<? extends DataBuffer> body) {
		this.begun = true;
		return this.delegate.writeWith(untilEnd(body));
	}

	@Override
	protected Mono<Void> writeAndFlushWithInternal(Publisher<? extends Publisher<? extends DataBuffer>> body) {
		this.begun = true;
		return this.delegate.writeAndFlushWith(untilEnd(body));
	}

	private <T> Publisher<? extends T> untilEnd(Publisher<? extends T> body) {
		boolean endless = !(body instanceof Mono) && isEventStream();
		return endless ? Flux.from(body).takeUntilOther(this.end) : body;
	}

	@Override
	public <T> T getNativeResponse() {
		return ServerHttpResponseDecorator.getNativeResponse(this.delegate);
	}

	@Override
	public boolean setStatusCode(@Nullable HttpStatusCode status) {
		return this.delegate.setStatusCode(status);
	}

	@Override
	public @Nullable HttpStatusCode getStatusCode() {
		return this.delegate.getStatusCode();
	}

	@Override
	public HttpHeaders getHeaders() {
		return this.delegate.getHeaders();
	}

	@Override
	public MultiValueMap<String, ResponseCookie> getCookies() {
		return this.delegate.getCookies();
	}

	@Override
	public void addCookie(ResponseCookie cookie) {
		this.delegate.addCookie(cookie);
	}

	@Override
	public void beforeCommit(Supplier<? extends Mono<Void>> action) {
		this.delegate.beforeCommit(action);
	}

	@Override
	public boolean isCommitted() {
		return this.delegate.isCommitted();
	}

	@Override
	public Mono<Void> setComplete() {
		return this.delegate.setComplete();
	}

	/**
	 * Leave the commit to the delegate.
	 */
	@Override
	protected Mono<Void> doCommit(@Nullable Supplier<? extends Mono<Void>> writeAction) {
		return (writeAction != null) ? writeAction.get() : setComplete();
	}

	@Override
	protected void applyStatusCode() {
		// The delegate does
	}

	@Override
	protected void applyHeaders() {
		// The delegate does
	}

	@Override
	protected void applyCookies() {
		// The delegate does
	}

	/**
	 * What can be sent from a file stays so.
	 */
	private static final class ZeroCopy extends EventStreamResponse implements ZeroCopyHttpOutputMessage {

		private final ZeroCopyHttpOutputMessage file;

		ZeroCopy(ServerHttpResponse delegate, Mono<Void> end) {
			super(delegate, end);
			this.file = (ZeroCopyHttpOutputMessage) delegate;
		}

		@Override
		public Mono<Void> writeWith(Path file, long position, long count) {
			return this.file.writeWith(file, position, count);
		}

	}

}
