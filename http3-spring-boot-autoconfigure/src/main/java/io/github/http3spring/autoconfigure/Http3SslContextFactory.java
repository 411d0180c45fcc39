package io.github.http3spring.autoconfigure;

import java.io.File;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.http3spring.netty.tls.KeyLogFile;
import io.github.http3spring.netty.tls.ReloadableQuicSslContext;
import io.github.http3spring.server.UnusableQuicLibraryException;
import io.github.http3spring.server.UnusableTlsException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.Ssl.ServerNameSslBundle;
import org.springframework.boot.web.server.WebServerSslBundle;
import org.springframework.util.StringUtils;

/**
 * Makes the TLS of the HTTP/3 server from the properties of both servers, and keeps it up
 * to date with the SSL bundles that they name. An update that cannot be used is logged
 * and leaves everything as it was.
 */
final class Http3SslContextFactory {

	private static final Log logger = LogFactory.getLog(Http3SslContextFactory.class);

	private final SslBundles bundles;

	Http3SslContextFactory(SslBundles bundles) {
		this.bundles = bundles;
	}

	/**
	 * Create the TLS.
	 * @param properties the TLS of HTTP/3 alone; without a bundle, that of the TCP server
	 * is used
	 * @param keyLog the file for the secrets of all connections, {@code null} for none
	 * @param ssl the TLS of the TCP server, whose client authentication and server names
	 * are those of HTTP/3 in any case
	 * @throws NoSuchSslBundleException if there is no bundle of a name
	 * @throws UnusableTlsException if no handshake could succeed
	 * @throws UnusableQuicLibraryException if there can be no QUIC at all
	 * @throws InvalidConfigurationPropertyValueException if the file cannot be used
	 */
	ReloadableQuicSslContext create(Http3ServerProperties.Ssl properties, @Nullable File keyLog, Ssl ssl) {
		KeyLogFile openKeyLog = open(keyLog);
		String bundle = properties.bundle();
		String name = StringUtils.hasText(bundle) ? bundle : ssl.getBundle();
		boolean named = StringUtils.hasText(name);
		ReloadableQuicSslContext sslContext = checked(named ? describe(name) : "'server.ssl'",
				() -> new ReloadableQuicSslContext(named ? this.bundles.getBundle(name) : WebServerSslBundle.get(ssl),
						ssl.getClientAuth(), properties.earlyData(), openKeyLog));
		Map<String, Consumer<SslBundle>> updates = new HashMap<>();
		if (named) {
			updates.put(name, sslContext::update);
		}
		for (ServerNameSslBundle serverName : ssl.getServerNameBundles()) {
			Consumer<SslBundle> update = (newBundle) -> sslContext.update(serverName.serverName(), newBundle);
			checked(describe(serverName.bundle()), () -> {
				update.accept(this.bundles.getBundle(serverName.bundle()));
				return null;
			});
			updates.merge(serverName.bundle(), update, Consumer::andThen);
		}
		updates.forEach(this::follow);
		return sslContext;
	}

	private static @Nullable KeyLogFile open(@Nullable File keyLog) {
		try {
			return (keyLog != null) ? KeyLogFile.open(keyLog.toPath()) : null;
		}
		catch (IOException ex) {
			throw new InvalidConfigurationPropertyValueException("http3.server.quic.key-log", keyLog,
					"Must be a file of the user that runs the application, in a directory that exists (" + ex + ").");
		}
	}

	private static <T> T checked(String tls, Supplier<T> action) {
		try {
			return action.get();
		}
		catch (NoSuchSslBundleException | UnusableQuicLibraryException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw new UnusableTlsException(tls, reason(ex), ex);
		}
	}

	private void follow(String bundle, Consumer<SslBundle> update) {
		this.bundles.addBundleUpdateHandler(bundle, (newBundle) -> {
			try {
				update.accept(newBundle);
			}
			catch (RuntimeException ex) {
				logger.error("HTTP/3 goes on with the certificate that it has, because it cannot use the update of "
						+ describe(bundle) + ": " + reason(ex));
			}
		});
	}

	/**
	 * Join the messages of a failure and its causes, of which some repeat the next.
	 */
	private static String reason(RuntimeException failure) {
		String reason = String.valueOf(failure.getMessage());
		for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
			String message = cause.getMessage();
			if (message != null && !reason.contains(message)) {
				reason += ": " + message;
			}
		}
		return StringUtils.trimTrailingCharacter(reason, '.');
	}

	private static String describe(String bundle) {
		return "SSL bundle '" + bundle + "'";
	}

}
