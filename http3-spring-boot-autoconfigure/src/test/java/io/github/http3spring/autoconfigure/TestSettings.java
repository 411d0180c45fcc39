package io.github.http3spring.autoconfigure;

import java.util.List;

import io.github.http3spring.netty.settings.Http3ServerSettings;
import io.github.http3spring.netty.settings.RoutableServer;
import io.github.http3spring.netty.tls.ReloadableQuicSslContext;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.autoconfigure.web.ServerProperties;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.web.server.Ssl;
import org.springframework.mock.env.MockEnvironment;

/**
 * Makes the settings of a server from properties, as the auto-configuration does, so that
 * what a test does not set is as in production.
 */
public final class TestSettings {

	private static final String BUNDLE = "test";

	private final Http3ServerProperties properties;

	private final ServerProperties serverProperties;

	private final LifecycleProperties lifecycleProperties;

	private final @Nullable String awsServerId;

	/**
	 * Bind properties.
	 * @param properties names and values, as {@code name=value}; of two with the same
	 * name the last one
	 * @throws org.springframework.boot.context.properties.bind.BindException if there is
	 * no such property of HTTP/3, or its value is not allowed
	 */
	public TestSettings(List<String> properties) {
		MockEnvironment environment = new MockEnvironment().withProperty("http3.server.ssl.bundle", BUNDLE);
		for (String property : properties) {
			int separator = property.indexOf('=');
			environment.setProperty(property.substring(0, separator), property.substring(separator + 1));
		}
		this.awsServerId = environment.getProperty(RoutableServer.AWS_VARIABLE);
		Binder binder = Binder.get(environment);
		this.properties = binder.bindOrCreate("http3.server", Bindable.of(Http3ServerProperties.class),
				new NoUnboundElementsBindHandler(BindHandler.DEFAULT));
		this.serverProperties = binder.bindOrCreate("server", ServerProperties.class);
		this.lifecycleProperties = binder.bindOrCreate("spring.lifecycle", LifecycleProperties.class);
	}

	/**
	 * Return the settings of the server.
	 */
	public Http3ServerSettings server() {
		ShutdownPhase phase = new ShutdownPhase(this.lifecycleProperties.getTimeoutPerShutdownPhase());
		return new Http3ServerSettingsMapper(this.properties, this.serverProperties, phase, null, this.awsServerId)
			.map(this.serverProperties::getPort);
	}

	/**
	 * Return the TLS of the server.
	 * @param bundle the certificate
	 */
	public ReloadableQuicSslContext sslContext(SslBundle bundle) {
		Ssl ssl = (this.serverProperties.getSsl() != null) ? this.serverProperties.getSsl() : new Ssl();
		return new Http3SslContextFactory(new DefaultSslBundleRegistry(BUNDLE, bundle)).create(this.properties.ssl(),
				this.properties.quic().keyLog(), ssl);
	}

}
