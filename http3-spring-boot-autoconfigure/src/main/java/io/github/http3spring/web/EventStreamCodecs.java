package io.github.http3spring.web;

import java.util.List;

import io.github.http3spring.server.Http3ShutdownSignal;

import org.springframework.http.codec.HttpMessageReader;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.codec.ServerSentEventHttpMessageWriter;

/**
 * The codecs of an application with an {@link EventStreamWriter} in the place of Spring's
 * own. Putting it in the place of that one, and not among custom codecs, which come
 * first, leaves it as it is which responses are event streams.
 */
class EventStreamCodecs implements ServerCodecConfigurer {

	private final ServerCodecConfigurer delegate;

	private final Http3ShutdownSignal signal;

	EventStreamCodecs(ServerCodecConfigurer delegate, Http3ShutdownSignal signal) {
		this.delegate = delegate;
		this.signal = signal;
	}

	@Override
	public List<HttpMessageWriter<?>> getWriters() {
		List<HttpMessageWriter<?>> writers = this.delegate.getWriters();
		writers.replaceAll(this::replace);
		return writers;
	}

	private HttpMessageWriter<?> replace(HttpMessageWriter<?> writer) {
		// One of the application's own, a subclass perhaps, stays
		return (writer.getClass() == ServerSentEventHttpMessageWriter.class)
				? new EventStreamWriter(((ServerSentEventHttpMessageWriter) writer).getEncoder(), this.signal) : writer;
	}

	@Override
	public List<HttpMessageReader<?>> getReaders() {
		return this.delegate.getReaders();
	}

	@Override
	public ServerDefaultCodecs defaultCodecs() {
		return this.delegate.defaultCodecs();
	}

	@Override
	public CustomCodecs customCodecs() {
		return this.delegate.customCodecs();
	}

	@Override
	public void registerDefaults(boolean registerDefaults) {
		this.delegate.registerDefaults(registerDefaults);
	}

	@Override
	public ServerCodecConfigurer clone() {
		return new EventStreamCodecs(this.delegate.clone(), this.signal);
	}

}
