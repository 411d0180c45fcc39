package io.github.http3spring.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.http3spring.TestContextRunner;
import io.github.http3spring.TestKeyStore;
import io.github.http3spring.autoconfigure.Http3ServerProperties.EventStreams;
import io.github.http3spring.netty.Http3ServerSettings;
import io.github.http3spring.netty.QuicSettings.AddressValidation;
import io.github.http3spring.netty.QuicSettings.CongestionControl;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.core.convert.ConversionService;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Http3ServerProperties}, their documentation and the limits that
 * {@link Http3ServerSettingsMapper} sets to them.
 */
class Http3ServerPropertiesTests {

	private static final String PREFIX = "http3.server.";

	@TempDir
	static Path directory;

	private static Path keyStore;

	/**
	 * A context without a web server: a value is refused before anything listens.
	 */
	private final ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(TestContextRunner.autoConfigurations())
		.withPropertyValues(TestContextRunner.tls(keyStore));

	@BeforeAll
	static void createKeyStore() throws Exception {
		keyStore = TestKeyStore.create(directory.resolve("server.p12"), "localhost");
	}

	@ParameterizedTest
	@CsvSource({ "port, -1", "port, 65536",
			// A zero would switch the timeout off (RFC 9000 section 18.2)
			"quic.max-idle-timeout, 0", "quic.max-idle-timeout, -1s", "quic.max-idle-timeout, 4611686018427387904ms",
			// Limits of zero would let no request in
			"quic.initial-max-data, 0", "quic.initial-max-data, -1", "quic.initial-max-data, 4611686018427387904",
			"quic.initial-max-stream-data-bidi-local, -1",
			"quic.initial-max-stream-data-bidi-local, 4611686018427387904",
			"quic.initial-max-stream-data-bidi-remote, 0", "quic.initial-max-stream-data-bidi-remote, -1",
			"quic.initial-max-stream-data-bidi-remote, 4611686018427387904",
			// RFC 9114 section 6.2
			"quic.initial-max-stream-data-uni, 1023", "quic.initial-max-stream-data-uni, 4611686018427387904",
			"quic.initial-max-streams-bidi, 0", "quic.initial-max-streams-bidi, -1",
			"quic.initial-max-streams-bidi, 1152921504606846977", "quic.initial-max-streams-uni, 2",
			"quic.initial-max-streams-uni, 1152921504606846977",
			// RFC 9000 section 18.2
			"quic.max-udp-payload-size, 1199", "quic.max-udp-payload-size, 65528", "quic.ack-delay-exponent, -1",
			"quic.ack-delay-exponent, 21", "quic.max-ack-delay, -1ms", "quic.max-ack-delay, 16384ms",
			"quic.active-connection-id-limit, 1", "quic.initial-congestion-window-packets, 0",
			"quic.initial-congestion-window-packets, 10001", "shutdown.goaway-delay, -1ms",
			"shutdown.goaway-delay, 366d", "shutdown.spread, -1ms", "shutdown.spread, 366d", "connection.max-age, 0",
			"connection.max-age, 366d", "connection.max-age-jitter, -1ms", "connection.max-age-jitter, 366d",
			"connection.max-age-grace, -1ms", "connection.max-age-grace, 366d", "connection.max-requests, -1",
			"connection.max-requests, 1152921504606846977", "shutdown.grace-period, -1ms",
			"shutdown.grace-period, 366d", "alt-svc.port, 0", "alt-svc.port, 65536", "alt-svc.max-age, -1",
			"alt-svc.max-age, 2147483648" })
	void valueOutOfRangeFailsTheStart(String name, String value) {
		this.runner.withPropertyValues(PREFIX + name + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (failure) -> {
					assertThat(failure.getName()).isEqualTo(PREFIX + name);
					assertThat(failure.getReason()).startsWith("Must be between ");
				}));
	}

	@ParameterizedTest
	@CsvSource({ "port, 0", "port, 65535", "quic.max-idle-timeout, 1ms", "quic.max-idle-timeout, 4611686018427387903ms",
			"quic.initial-max-data, 1", "quic.initial-max-data, 4611686018427387903",
			"quic.initial-max-stream-data-bidi-local, 0",
			"quic.initial-max-stream-data-bidi-local, 4611686018427387903",
			"quic.initial-max-stream-data-bidi-remote, 1",
			"quic.initial-max-stream-data-bidi-remote, 4611686018427387903", "quic.initial-max-stream-data-uni, 1024",
			"quic.initial-max-stream-data-uni, 4611686018427387903", "quic.initial-max-streams-bidi, 1",
			"quic.initial-max-streams-bidi, 1152921504606846976", "quic.initial-max-streams-uni, 3",
			"quic.initial-max-streams-uni, 1152921504606846976", "quic.max-udp-payload-size, 1200",
			"quic.max-udp-payload-size, 65527", "quic.ack-delay-exponent, 0", "quic.ack-delay-exponent, 20",
			"quic.max-ack-delay, 0", "quic.max-ack-delay, 16383ms", "quic.active-connection-id-limit, 2",
			"quic.initial-congestion-window-packets, 1", "quic.initial-congestion-window-packets, 10000",
			"quic.congestion-control, bbr", "shutdown.goaway-delay, 0", "shutdown.goaway-delay, 365d",
			"shutdown.spread, 0", "shutdown.spread, 365d", "shutdown.event-streams, wait", "connection.max-age, 1ms",
			"connection.max-age, 365d", "connection.max-age-jitter, 0", "connection.max-age-jitter, 365d",
			"connection.max-age-grace, 0", "connection.max-age-grace, 365d", "connection.max-requests, 0",
			"connection.max-requests, 1152921504606846976", "shutdown.grace-period, 0", "shutdown.grace-period, 365d",
			"alt-svc.port, 1", "alt-svc.port, 65535", "alt-svc.max-age, 0", "alt-svc.max-age, 2147483647" })
	void valueAtTheEdgeIsAccepted(String name, String value) {
		this.runner.withPropertyValues(PREFIX + name + "=" + value)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void jitterThatExceedsTheAgeOfConnectionsFailsTheStart() {
		this.runner.withPropertyValues(PREFIX + "connection.max-age=1m", PREFIX + "connection.max-age-jitter=61s")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
						(failure) -> assertThat(failure.getName()).isEqualTo(PREFIX + "connection.max-age-jitter")));
	}

	@Test
	void keyThatIsTooShortIsRefusedAndNotShown() {
		this.runner.withPropertyValues(PREFIX + "quic.stateless-reset-key=too-short-for-a-secret")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidConfigurationPropertyValueException.class)
				.hasMessageContaining("quic.stateless-reset-key")
				.hasMessageNotContaining("too-short"));
	}

	@ParameterizedTest
	@CsvSource({ "PT30S, PT28S", "PT4S, PT2S", "PT3S, PT1.5S", "PT0S, PT0S" })
	void gracePeriodFitsIntoTheShutdownPhaseByDefault(Duration phase, Duration gracePeriod) {
		this.runner.withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=" + phase)
			.run((context) -> assertThat(context.getBean(Http3ServerSettings.class).shutdownPolicy().gracePeriod())
				.isEqualTo(gracePeriod));
	}

	@Test
	void defaultsAreThoseOfTheDocumentation() {
		Http3ServerProperties properties = new Http3ServerProperties();
		assertThat(properties.isEnabled()).isTrue();
		assertThat(properties.getPort()).isNull();
		assertThat(properties.getAddress()).isNull();
		assertThat(properties.getSsl().isEarlyData()).isFalse();
		assertThat(properties.getSsl().getBundle()).isNull();
		assertThat(properties.getShutdown().getGoawayDelay()).isNull();
		assertThat(properties.getShutdown().getGracePeriod()).isNull();
		assertThat(properties.getShutdown().getSpread()).isZero();
		assertThat(properties.getShutdown().getEventStreams()).isEqualTo(EventStreams.COMPLETE);
		assertThat(properties.getConnection().getMaxAge()).isNull();
		assertThat(properties.getConnection().getMaxAgeJitter()).isNull();
		assertThat(properties.getConnection().getMaxAgeGrace()).isEqualTo(Duration.ofSeconds(30));
		assertThat(properties.getConnection().getMaxRequests()).isZero();
		assertThat(properties.getAltSvc().isEnabled()).isTrue();
		assertThat(properties.getAltSvc().getMaxAge()).isEqualTo(Duration.ofDays(1));
		assertThat(properties.getAltSvc().getPort()).isNull();
		Http3ServerProperties.Quic quic = properties.getQuic();
		assertThat(quic.getMaxIdleTimeout()).isEqualTo(Duration.ofSeconds(30));
		assertThat(quic.getInitialMaxData()).isEqualTo(DataSize.ofMegabytes(16));
		assertThat(quic.getInitialMaxStreamDataBidiLocal()).isEqualTo(DataSize.ofMegabytes(1));
		assertThat(quic.getInitialMaxStreamDataBidiRemote()).isEqualTo(DataSize.ofMegabytes(1));
		assertThat(quic.getInitialMaxStreamDataUni()).isEqualTo(DataSize.ofKilobytes(256));
		assertThat(quic.getInitialMaxStreamsBidi()).isEqualTo(100);
		assertThat(quic.getInitialMaxStreamsUni()).isEqualTo(16);
		assertThat(quic.getMaxUdpPayloadSize()).isNull();
		assertThat(quic.getAckDelayExponent()).isEqualTo(3);
		assertThat(quic.getMaxAckDelay()).isEqualTo(Duration.ofMillis(25));
		assertThat(quic.getActiveConnectionIdLimit()).isEqualTo(4);
		assertThat(quic.isActiveMigration()).isTrue();
		assertThat(quic.getCongestionControl()).isEqualTo(CongestionControl.CUBIC);
		assertThat(quic.getInitialCongestionWindowPackets()).isEqualTo(10);
		assertThat(quic.isHystart()).isTrue();
		assertThat(quic.getAddressValidation()).isEqualTo(AddressValidation.ADAPTIVE);
		assertThat(quic.isDiscoverPmtu()).isFalse();
		assertThat(quic.getStatelessResetKey()).isNull();
		assertThat(quic.getQlogDirectory()).isNull();
		assertThat(quic.getKeyLog()).isNull();
	}

	@Test
	void everyPropertyIsDescribed() throws IOException {
		Map<String, Object> defaults = new LinkedHashMap<>();
		collect(new Http3ServerProperties(), PREFIX, defaults);
		Map<String, JsonNode> metadata = metadata();
		assertThat(metadata).containsOnlyKeys(defaults.keySet());
		assertThat(metadata).allSatisfy(
				(name, property) -> assertThat(property.path("description").asText()).matches("(?s)\\p{Upper}.*\\.")
					.doesNotStartWith("The "));
	}

	@Test
	void everyDefaultIsDocumented() throws IOException {
		Map<String, Object> defaults = new LinkedHashMap<>();
		collect(new Http3ServerProperties(), PREFIX, defaults);
		ConversionService conversion = ApplicationConversionService.getSharedInstance();
		assertThat(metadata()).allSatisfy((name, property) -> {
			JsonNode documented = property.path("defaultValue");
			Object actual = defaults.get(name);
			if (actual == null) {
				assertThat(documented.isMissingNode()).isTrue();
			}
			else {
				assertThat(conversion.convert(documented.asText(), actual.getClass())).isEqualTo(actual);
			}
		});
	}

	/**
	 * Collect the values of all properties by their names, {@code null} among them.
	 */
	private static void collect(Object bean, String prefix, Map<String, Object> values) {
		BeanWrapper wrapper = PropertyAccessorFactory.forBeanPropertyAccess(bean);
		for (var descriptor : wrapper.getPropertyDescriptors()) {
			String name = prefix + dashed(descriptor.getName());
			Object value = wrapper.getPropertyValue(descriptor.getName());
			if (descriptor.getWriteMethod() != null) {
				values.put(name, value);
			}
			else if (value != null && value.getClass().getEnclosingClass() == Http3ServerProperties.class) {
				collect(value, name + ".", values);
			}
		}
	}

	private static String dashed(String name) {
		return name.replaceAll("(?=\\p{Upper})", "-").toLowerCase(Locale.ROOT);
	}

	private static Map<String, JsonNode> metadata() throws IOException {
		URL classes = Http3ServerProperties.class.getProtectionDomain().getCodeSource().getLocation();
		URL file = URI.create(classes + "META-INF/spring-configuration-metadata.json").toURL();
		Map<String, JsonNode> metadata = new LinkedHashMap<>();
		try (InputStream input = file.openStream()) {
			for (JsonNode property : new ObjectMapper().readTree(input).path("properties")) {
				// Those of Actuator follow its rules
				if (property.path("name").asText().startsWith(PREFIX)) {
					metadata.put(property.path("name").asText(), property);
				}
			}
		}
		return metadata;
	}

}
