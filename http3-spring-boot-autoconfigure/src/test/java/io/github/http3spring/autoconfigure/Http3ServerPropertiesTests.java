package io.github.http3spring.autoconfigure;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.http3spring.TestContextRunner;
import io.github.http3spring.TestKeyStore;
import io.github.http3spring.autoconfigure.Http3ServerProperties.EventStreams;
import io.github.http3spring.netty.settings.Http3ServerSettings;
import io.github.http3spring.netty.settings.QuicSettings;
import io.github.http3spring.netty.settings.QuicSettings.AddressValidation;
import io.github.http3spring.netty.settings.QuicSettings.CongestionControl;
import io.github.http3spring.web.OnShutdown;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.core.convert.ConversionService;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Http3ServerProperties}, their documentation and their limits.
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
	@CsvSource({ "port, -1", "port, 65536", "max-connections, -1", "max-open-requests, -1", "connection.max-resets, -1",
			"request-timeout, -1ms", "request-timeout, 366d", "max-header-size, 0", "max-header-size, 2147483648",
			"quic.handshake-timeout, 0", "quic.handshake-timeout, 366d",
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
			"shutdown.goaway-delay, 366d", "shutdown.spread, -1ms", "shutdown.spread, 366d", "shutdown.linger, -1ms",
			"shutdown.linger, 366d", "connection.max-age, 0", "connection.max-age, 366d",
			"connection.max-age-jitter, -1ms", "connection.max-age-jitter, 366d", "connection.max-age-grace, -1ms",
			"connection.max-age-grace, 366d", "connection.keep-alive-timeout, -1s",
			"connection.keep-alive-timeout, 366d", "connection.max-requests, -1",
			"connection.max-requests, 1152921504606846977", "shutdown.grace-period, -1ms",
			"shutdown.grace-period, 366d", "alt-svc.port, 0", "alt-svc.port, 65536", "alt-svc.max-age, -1",
			"alt-svc.max-age, 2147483648", "shutdown.pre-shutdown-delay, -1ms", "shutdown.pre-shutdown-delay, 366d",
			"udp.receive-buffer-size, 4095", "udp.receive-buffer-size, 1GB", "udp.send-buffer-size, 4095",
			"udp.send-buffer-size, 1GB", "udp.bind-timeout, -1ms", "udp.bind-timeout, 366d" })
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
	@CsvSource({ "port, 0", "port, 65535", "connection.max-resets, 0", "connection.max-resets, 2147483647",
			"request-timeout, 0", "request-timeout, 365d", "max-header-size, 1", "max-header-size, 2147483647",
			"quic.handshake-timeout, 1ms", "quic.handshake-timeout, 365d", "max-connections, 0", "max-open-requests, 0",
			"max-connections, 2147483647", "quic.max-idle-timeout, 1ms", "quic.max-idle-timeout, 4611686018427387903ms",
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
			"shutdown.spread, 0", "shutdown.spread, 365d", "shutdown.linger, 0", "shutdown.linger, 365d",
			"shutdown.event-streams, wait", "connection.max-age, 1ms", "connection.max-age, 365d",
			"connection.max-age-jitter, 0", "connection.max-age-jitter, 365d", "connection.max-age-grace, 0",
			"connection.max-age-grace, 365d", "connection.keep-alive-timeout, 0", "connection.keep-alive-timeout, 365d",
			"connection.max-requests, 0", "connection.max-requests, 1152921504606846976", "shutdown.grace-period, 0",
			"shutdown.grace-period, 365d", "alt-svc.port, 1", "alt-svc.port, 65535", "alt-svc.max-age, 0",
			"alt-svc.max-age, 2147483647", "shutdown.pre-shutdown-delay, 0", "shutdown.pre-shutdown-delay, 29999ms",
			"udp.receive-buffer-size, 4096", "udp.receive-buffer-size, 1073741823", "udp.send-buffer-size, 4096",
			"udp.send-buffer-size, 1073741823", "udp.bind-timeout, 0", "udp.bind-timeout, 365d" })
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
	@ValueSource(strings = { "30s", "1h" })
	void preShutdownDelayThatExceedsItsPhaseFailsTheStart(String delay) {
		this.runner.withPropertyValues(PREFIX + "shutdown.pre-shutdown-delay=" + delay)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (failure) -> {
					assertThat(failure.getName()).isEqualTo(PREFIX + "shutdown.pre-shutdown-delay");
					assertThat(failure.getReason()).contains("'spring.lifecycle.timeout-per-shutdown-phase' (PT30S)");
				}));
	}

	@ParameterizedTest
	@CsvSource({ "PT30S, PT28S", "PT4S, PT2S", "PT3S, PT1.5S", "PT0S, PT0S" })
	void gracePeriodFitsIntoTheShutdownPhaseByDefault(Duration phase, Duration gracePeriod) {
		this.runner.withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=" + phase)
			.run((context) -> assertThat(context.getBean(Http3ServerSettings.class).shutdownPolicy().gracePeriod())
				.isEqualTo(gracePeriod));
	}

	@Test
	void maximumHeaderSizeIsThatOfTheTcpServerByDefault() {
		this.runner.run((context) -> assertThat(context.getBean(Http3ServerSettings.class).limits().maxHeaderSize())
			.isEqualTo(8192));
		this.runner.withPropertyValues("server.max-http-request-header-size=20KB")
			.run((context) -> assertThat(context.getBean(Http3ServerSettings.class).limits().maxHeaderSize())
				.isEqualTo(20_480));
		this.runner.withPropertyValues("server.max-http-request-header-size=20KB", PREFIX + "max-header-size=16KB")
			.run((context) -> assertThat(context.getBean(Http3ServerSettings.class).limits().maxHeaderSize())
				.isEqualTo(16_384));
	}

	@ParameterizedTest
	@CsvSource({ "100, 200", "7, 14", "1152921504606846976, 2147483647" })
	void clientMayResetAllItsRequestsTwicePerSecondByDefault(long streams, int resets) {
		this.runner.withPropertyValues(PREFIX + "quic.initial-max-streams-bidi=" + streams)
			.run((context) -> assertThat(context.getBean(Http3ServerSettings.class).limits().maxResets())
				.isEqualTo(resets));
	}

	@Test
	void defaultsAreThoseOfTheDocumentation() {
		Http3ServerProperties properties = defaults();
		assertThat(properties.enabled()).isTrue();
		assertThat(properties.port()).isNull();
		assertThat(properties.address()).isNull();
		assertThat(properties.maxConnections()).isNull();
		assertThat(properties.maxOpenRequests()).isNull();
		assertThat(properties.maxHeaderSize()).isNull();
		assertThat(properties.requestTimeout()).hasSeconds(60);
		assertThat(properties.ssl().earlyData()).isFalse();
		assertThat(properties.ssl().bundle()).isNull();
		assertThat(properties.shutdown().goawayDelay()).isNull();
		assertThat(properties.shutdown().gracePeriod()).isNull();
		assertThat(properties.shutdown().spread()).isZero();
		assertThat(properties.shutdown().eventStreams()).isEqualTo(EventStreams.COMPLETE);
		assertThat(properties.shutdown().preShutdownDelay()).isZero();
		assertThat(properties.connection().maxAge()).isNull();
		assertThat(properties.connection().maxAgeJitter()).isNull();
		assertThat(properties.connection().maxAgeGrace()).isEqualTo(Duration.ofSeconds(30));
		assertThat(properties.connection().maxRequests()).isZero();
		assertThat(properties.connection().keepAliveTimeout()).isEqualTo(Duration.ofMinutes(2));
		assertThat(properties.connection().maxResets()).isNull();
		assertThat(properties.altSvc().enabled()).isTrue();
		assertThat(properties.altSvc().maxAge()).isEqualTo(Duration.ofDays(1));
		assertThat(properties.altSvc().port()).isNull();
		assertThat(properties.udp().receiveBufferSize()).isEqualTo(DataSize.ofMegabytes(2));
		assertThat(properties.udp().sendBufferSize()).isEqualTo(DataSize.ofMegabytes(2));
		assertThat(properties.udp().bindTimeout()).isEqualTo(Duration.ofSeconds(5));
		assertThat(properties.altSvc().persist()).isFalse();
		assertThat(properties.altSvc().onShutdown()).isEqualTo(OnShutdown.CLEAR);
		QuicSettings quic = properties.quic();
		assertThat(quic.maxIdleTimeout()).isEqualTo(Duration.ofSeconds(30));
		assertThat(quic.handshakeTimeout()).isEqualTo(Duration.ofSeconds(10));
		assertThat(quic.initialMaxData()).isEqualTo(DataSize.ofKilobytes(256));
		assertThat(quic.initialMaxStreamDataBidiLocal()).isEqualTo(DataSize.ofKilobytes(128));
		assertThat(quic.initialMaxStreamDataBidiRemote()).isEqualTo(DataSize.ofKilobytes(128));
		assertThat(quic.initialMaxStreamDataUni()).isEqualTo(DataSize.ofKilobytes(32));
		assertThat(quic.initialMaxStreamsBidi()).isEqualTo(100);
		assertThat(quic.initialMaxStreamsUni()).isEqualTo(16);
		assertThat(quic.maxUdpPayloadSize()).isNull();
		assertThat(quic.ackDelayExponent()).isEqualTo(3);
		assertThat(quic.maxAckDelay()).isEqualTo(Duration.ofMillis(25));
		assertThat(quic.activeConnectionIdLimit()).isEqualTo(64);
		assertThat(quic.activeMigration()).isTrue();
		assertThat(quic.congestionControl()).isEqualTo(CongestionControl.CUBIC);
		assertThat(quic.initialCongestionWindowPackets()).isEqualTo(10);
		assertThat(quic.hystart()).isTrue();
		assertThat(quic.addressValidation()).isEqualTo(AddressValidation.ADAPTIVE);
		assertThat(quic.discoverPmtu()).isTrue();
		assertThat(quic.statelessResetKey()).isNull();
		assertThat(quic.qlogDirectory()).isNull();
		assertThat(quic.keyLog()).isNull();
	}

	@Test
	void everyPropertyIsDescribed() throws IOException {
		Map<String, Object> defaults = new LinkedHashMap<>();
		collect(defaults(), PREFIX, defaults);
		Map<String, JsonNode> metadata = PropertyMetadata.read(PREFIX);
		assertThat(metadata).containsOnlyKeys(defaults.keySet());
		assertThat(metadata).allSatisfy(
				(name, property) -> assertThat(property.path("description").asText()).matches("(?s)\\p{Upper}.*\\.")
					.doesNotStartWith("The "));
	}

	@Test
	void everyDefaultIsDocumented() throws IOException {
		Map<String, Object> defaults = new LinkedHashMap<>();
		collect(defaults(), PREFIX, defaults);
		ConversionService conversion = ApplicationConversionService.getSharedInstance();
		assertThat(PropertyMetadata.read(PREFIX)).allSatisfy((name, property) -> {
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
	 * Return the properties as they are when nothing is set.
	 */
	private static Http3ServerProperties defaults() {
		return new Binder(new MapConfigurationPropertySource()).bindOrCreate("http3.server",
				Http3ServerProperties.class);
	}

	/**
	 * Collect the values of all properties by their names, {@code null} among them.
	 */
	private static void collect(Record bean, String prefix, Map<String, Object> values) {
		for (RecordComponent component : bean.getClass().getRecordComponents()) {
			String name = prefix + dashed(component.getName());
			Object value = ReflectionUtils.invokeMethod(component.getAccessor(), bean);
			if (value instanceof Record nested) {
				collect(nested, name + ".", values);
			}
			else {
				values.put(name, value);
			}
		}
	}

	private static String dashed(String name) {
		return name.replaceAll("(?=\\p{Upper})", "-").toLowerCase(Locale.ROOT);
	}

}
