package io.github.http3spring.autoconfigure;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

import io.github.http3spring.autoconfigure.Http3ServerProperties.EventStreams;
import io.github.http3spring.context.ApplicationShutdownSignal;
import io.github.http3spring.context.Http3GracefulShutdownLifecycle;
import io.github.http3spring.context.Http3ServerLifecycle;
import io.github.http3spring.context.PreShutdownDelay;
import io.github.http3spring.context.ReadinessWatch;
import io.github.http3spring.netty.NettyHttp3ServerFactory;
import io.github.http3spring.netty.settings.Http3ServerSettings;
import io.github.http3spring.netty.settings.RoutableServer;
import io.github.http3spring.netty.tls.ReloadableQuicSslContext;
import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.Http3ServerCustomizer;
import io.github.http3spring.server.Http3ServerFactory;
import io.github.http3spring.server.Http3ShutdownSignal;
import io.github.http3spring.server.QuicServerCodecCustomizer;
import io.github.http3spring.web.AltSvcWebFilter;
import io.github.http3spring.web.EventStreamPostProcessor;
import io.github.http3spring.web.IdleHttp2Connections;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.netty.http.server.HttpServer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.autoconfigure.web.ServerProperties;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.context.WebServerApplicationContext;
import org.springframework.boot.web.embedded.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.embedded.netty.NettyRouteProvider;
import org.springframework.boot.web.embedded.netty.NettyServerCustomizer;
import org.springframework.boot.web.server.Shutdown;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.reactive.HttpHandler;

/**
 * The HTTP/3 server of a reactive web application, and what belongs to it.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass(value = HttpServer.class, name = { Prerequisites.HTTP3_CODEC, Prerequisites.QUIC_CODEC })
@Conditional(OnEnabledCondition.class)
@EnableConfigurationProperties({ Http3ServerProperties.class, LifecycleProperties.class, ServerProperties.class })
class Http3ServerConfiguration {

	private static final Log logger = LogFactory.getLog(Http3ServerConfiguration.class);

	@Bean
	@ConditionalOnBean(Http3Server.class)
	@Conditional(OnWebServerCondition.class)
	Http3ServerLifecycle http3ServerLifecycle(Http3Server server, Http3ServerProperties properties,
			ApplicationContext applicationContext) {
		return new Http3ServerLifecycle(server, applicationContext, properties.udp().bindTimeout());
	}

	@Bean
	@ConditionalOnBean(Http3Server.class)
	@Conditional(OnWebServerCondition.class)
	Http3GracefulShutdownLifecycle http3GracefulShutdownLifecycle(Http3Server server,
			ObjectProvider<ApplicationShutdownSignal> signal, Http3ServerSettings settings,
			ApplicationEventPublisher eventPublisher) {
		return new Http3GracefulShutdownLifecycle(server, signal.getIfAvailable(ApplicationShutdownSignal::new),
				settings.shutdownPolicy().gracePeriod(), eventPublisher);
	}

	@Bean
	@ConditionalOnBean(Http3Server.class)
	PreShutdownDelay http3PreShutdownDelay(Http3ServerProperties properties, ServerProperties serverProperties,
			LifecycleProperties lifecycleProperties, ReadinessWatch readiness, ApplicationContext applicationContext) {
		Duration delay = properties.shutdown().preShutdownDelay(lifecycleProperties.getTimeoutPerShutdownPhase());
		return new PreShutdownDelay((serverProperties.getShutdown() == Shutdown.GRACEFUL) ? delay : Duration.ZERO,
				readiness, applicationContext);
	}

	@Bean
	@ConditionalOnBean(Http3Server.class)
	ReadinessWatch http3ReadinessWatch(ApplicationContext applicationContext) {
		return new ReadinessWatch(applicationContext);
	}

	@Bean
	@ConditionalOnBean(Http3Server.class)
	WebServerFactoryCustomizer<NettyReactiveWebServerFactory> http3IdleHttp2Customizer(ReadinessWatch readiness) {
		IdleHttp2Connections connections = new IdleHttp2Connections();
		readiness.whenWithdrawn(connections::close);
		return (factory) -> factory.addServerCustomizers(connections::watch);
	}

	@Bean
	@ConditionalOnBean(Http3Server.class)
	static EventStreamPostProcessor http3EventStreamPostProcessor(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<Http3ServerProperties> properties, ObjectProvider<Http3ShutdownSignal> signal) {
		return new EventStreamPostProcessor(beanFactory,
				() -> properties.getObject().shutdown().eventStreams() == EventStreams.COMPLETE, signal);
	}

	@Bean
	@ConditionalOnMissingBean
	Http3ServerSettings http3ServerSettings(Http3ServerProperties properties, ServerProperties serverProperties,
			LifecycleProperties lifecycleProperties, ApplicationContext applicationContext) {
		IntSupplier tcpPort = () -> ((WebServerApplicationContext) applicationContext).getWebServer().getPort();
		ShutdownPhase shutdownPhase = new ShutdownPhase(lifecycleProperties.getTimeoutPerShutdownPhase());
		Http3ServerSettings settings = new Http3ServerSettingsMapper(properties, serverProperties, shutdownPhase,
				CloudPlatform.getActive(applicationContext.getEnvironment()),
				applicationContext.getEnvironment().getProperty(RoutableServer.AWS_VARIABLE))
			.map(tcpPort);
		if (settings.shutdown() == Shutdown.GRACEFUL) {
			shutdownPhase.warnings(settings.shutdownPolicy()).forEach(logger::warn);
		}
		return settings;
	}

	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	@ConditionalOnBean(Http3Server.class)
	@Conditional({ OnWebServerCondition.class, OnAltSvcCondition.class })
	AltSvcWebFilter http3AltSvcWebFilter(ObjectProvider<Http3Server> server, Http3ServerProperties properties,
			ApplicationContext applicationContext, ReadinessWatch readiness) {
		Http3ServerProperties.AltSvc altSvc = properties.altSvc();
		return new AltSvcWebFilter(server, altSvc::header, altSvc.onShutdown(), applicationContext, readiness);
	}

	/**
	 * Creates the server, unless the application brings its own. Where nobody starts it,
	 * as in a test with a mock web environment, it is not created either, and takes
	 * neither a key nor a native library.
	 */
	@Configuration(proxyBeanMethods = false)
	@Conditional(OnTlsCondition.class)
	@ConditionalOnMissingBean(Http3Server.class)
	static class ServerConfiguration {

		@Bean
		@Lazy
		@ConditionalOnMissingBean
		Http3ServerFactory http3ServerFactory(Http3ServerSettings settings, Http3ServerProperties properties,
				ServerProperties serverProperties, ObjectProvider<SslBundles> sslBundles,
				ObjectProvider<NettyServerCustomizer> nettyCustomizers,
				ObjectProvider<NettyRouteProvider> routeProviders,
				ObjectProvider<Http3ServerCustomizer> serverCustomizers,
				ObjectProvider<QuicServerCodecCustomizer> codecCustomizers) {
			Ssl ssl = (serverProperties.getSsl() != null) ? serverProperties.getSsl() : new Ssl();
			ReloadableQuicSslContext sslContext = new Http3SslContextFactory(
					sslBundles.getIfAvailable(DefaultSslBundleRegistry::new))
				.create(properties.ssl(), properties.quic().keyLog(), ssl);
			return new NettyHttp3ServerFactory(settings, sslContext,
					Stream.concat(address(serverProperties), nettyCustomizers.orderedStream()).toList(),
					routeProviders.orderedStream().toList(), serverCustomizers.orderedStream().toList(),
					codecCustomizers.orderedStream().toList());
		}

		/**
		 * Return what the factory of the TCP server does before its customizers.
		 */
		private static Stream<NettyServerCustomizer> address(ServerProperties serverProperties) {
			return Stream.ofNullable(serverProperties.getAddress())
				.map((address) -> (server) -> server.bindAddress(() -> new InetSocketAddress(address, 0)));
		}

		@Bean(destroyMethod = "destroy")
		@Lazy
		Http3Server http3Server(Http3ServerFactory factory, HttpHandler httpHandler) {
			return factory.getHttp3Server(httpHandler);
		}

	}

}
