package io.github.http3spring.web;

import java.util.function.BooleanSupplier;

import io.github.http3spring.server.Http3ShutdownSignal;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.server.reactive.HttpHandler;

/**
 * Lets the event streams of an application end when its shutdown starts, on each of its
 * servers: in the codecs with which WebFlux writes them, and in the handler of all
 * requests for what WebFlux does not write.
 */
public class EventStreamPostProcessor implements BeanPostProcessor {

	private final ConfigurableListableBeanFactory beanFactory;

	private final BooleanSupplier complete;

	private final ObjectProvider<Http3ShutdownSignal> signal;

	/**
	 * Create the post-processor.
	 * @param beanFactory knows how beans are declared
	 * @param complete whether to complete event streams, asked for late
	 * @param signal tells when a shutdown starts, asked for late
	 */
	public EventStreamPostProcessor(ConfigurableListableBeanFactory beanFactory, BooleanSupplier complete,
			ObjectProvider<Http3ShutdownSignal> signal) {
		this.beanFactory = beanFactory;
		this.complete = complete;
		this.signal = signal;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof ServerCodecConfigurer codecs && isDeclaredAs(ServerCodecConfigurer.class, beanName)) {
			return this.complete.getAsBoolean() ? new EventStreamCodecs(codecs, this.signal.getObject()) : bean;
		}
		if (bean instanceof HttpHandler handler && isDeclaredAs(HttpHandler.class, beanName)) {
			return this.complete.getAsBoolean() ? new EventStreamCompletion(handler, this.signal.getObject()) : bean;
		}
		return bean;
	}

	/**
	 * Return whether nobody can expect more of a bean than the interface.
	 */
	private boolean isDeclaredAs(Class<?> type, String beanName) {
		if (!this.beanFactory.containsBeanDefinition(beanName)) {
			return false;
		}
		BeanDefinition definition = this.beanFactory.getMergedBeanDefinition(beanName);
		return definition.getResolvableType().toClass() == type;
	}

}
