package io.github.http3spring.context;

import io.github.http3spring.server.Http3ShutdownSignal;
import io.github.http3spring.web.EventStreamCompletion;
import io.github.http3spring.web.EventStreamPostProcessor;
import io.github.http3spring.web.EventStreamWriter;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.codec.ServerSentEventHttpMessageWriter;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which beans are replaced so that event streams end with the shutdown, and which stay.
 */
class EventStreamPostProcessorTests {

	private final DefaultListableBeanFactory beanFactory = new DefaultListableBeanFactory();

	@Test
	void writerOfEventsTakesThePlaceOfTheDefaultOneAndLeavesTheOthersWhereTheyAre() {
		ServerCodecConfigurer codecs = ServerCodecConfigurer.create();
		ServerSentEventHttpMessageWriter custom = new ServerSentEventHttpMessageWriter() {
		};
		codecs.customCodecs().register(custom);
		ServerCodecConfigurer completing = register(ServerCodecConfigurer.class, codecs, true);
		assertThat(completing.getWriters()).hasSameSizeAs(codecs.getWriters()).contains(custom);
		for (int i = 0; i < codecs.getWriters().size(); i++) {
			HttpMessageWriter<?> original = codecs.getWriters().get(i);
			HttpMessageWriter<?> writer = completing.getWriters().get(i);
			if (original.getClass() == ServerSentEventHttpMessageWriter.class) {
				assertThat(writer).isInstanceOf(EventStreamWriter.class);
				assertThat(((EventStreamWriter) writer).getEncoder())
					.isSameAs(((ServerSentEventHttpMessageWriter) original).getEncoder());
			}
			else {
				assertThat(writer).hasSameClassAs(original);
			}
		}
		assertThat(completing.getWriters()).hasAtLeastOneElementOfType(EventStreamWriter.class);
		assertThat(completing.clone().getWriters()).hasAtLeastOneElementOfType(EventStreamWriter.class);
	}

	@Test
	void handlerThatIsDeclaredAsSuchIsWrapped() {
		HttpHandler handler = (request, response) -> Mono.empty();
		assertThat(register(HttpHandler.class, handler, true)).isInstanceOf(EventStreamCompletion.class);
	}

	@Test
	void handlerThatIsDeclaredByItsClassStaysWhatItIs() {
		OwnHandler handler = new OwnHandler();
		assertThat(register(OwnHandler.class, handler, true)).isSameAs(handler);
	}

	@Test
	void nothingIsReplacedIfEventStreamsAreWaitedFor() {
		HttpHandler handler = (request, response) -> Mono.empty();
		assertThat(register(HttpHandler.class, handler, false)).isSameAs(handler);
	}

	private <T> T register(Class<T> type, T bean, boolean complete) {
		this.beanFactory.registerSingleton("signal", new ApplicationShutdownSignal());
		this.beanFactory.registerBeanDefinition("bean", new RootBeanDefinition(type, () -> bean));
		this.beanFactory.addBeanPostProcessor(new EventStreamPostProcessor(this.beanFactory, () -> complete,
				this.beanFactory.getBeanProvider(Http3ShutdownSignal.class)));
		return this.beanFactory.getBean("bean", type);
	}

	private static final class OwnHandler implements HttpHandler {

		@Override
		public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
			return Mono.empty();
		}

	}

}
