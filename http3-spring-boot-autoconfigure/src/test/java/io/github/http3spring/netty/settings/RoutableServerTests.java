package io.github.http3spring.netty.settings;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;

import io.github.http3spring.autoconfigure.TestSettings;
import io.github.http3spring.netty.routing.ConnectionIdLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link RoutableServer}.
 */
class RoutableServerTests {

	private static final String SERVER_ID = "http3.server.quic.server-id=";

	private static final String NONCE_LENGTH = "http3.server.quic.server-id-nonce-length=";

	private static final String CONFIG_ROTATION = "http3.server.quic.server-id-config-rotation=";

	private static final String KEY = "http3.server.quic.server-id-key=";

	private static final String SECRET = "8f95f09245765f80256934e50c66207f";

	private static final String RESET_KEY = "http3.server.quic.stateless-reset-key=0123456789abcdef0123456789abcdef";

	private static final String AWS = RoutableServer.AWS_VARIABLE + "=";

	@Test
	void idsAreRandomWithoutALoadBalancer() {
		ConnectionIdLayout ids = ids();
		assertThat(ids.length()).isEqualTo(12);
		assertThat(ids.randomLength()).isEqualTo(9);
		assertThat(ids(AWS + " ").length()).isEqualTo(12);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0a1b2c", "0x0a1b2c", "0A1B2C" })
	void serverIdStandsAfterTheFirstByteAndFillsABlockWithItsNonce(String serverId) {
		assertThat(create(SERVER_ID + serverId, CONFIG_ROTATION + 2)).hasSize(40).startsWith("400a1b2c");
	}

	@Test
	void nonceHasTheLengthThatTheLoadBalancerKnows() {
		assertThat(create(SERVER_ID + "0a1b2c", NONCE_LENGTH + 4)).hasSize(22).startsWith("000a1b2c");
	}

	@Test
	void serverIdIsNotReadableWithAKey() {
		assertThat(create(SERVER_ID + "0a1b2c", KEY + SECRET)).hasSize(40).doesNotStartWith("000a1b2c");
	}

	@ParameterizedTest
	@ValueSource(strings = { "LWV1oW+gjqQ=", "2d6575a16fa08ea4", "0x2d6575a16fa08ea4" })
	void loadBalancerOfAwsGetsIdsOfSixteenBytes(String variable) {
		assertThat(create(AWS + variable)).hasSize(32).startsWith("002d6575a16fa08ea4");
	}

	@ParameterizedTest
	@ValueSource(strings = { SERVER_ID + "0a", AWS + "LWV1oW+gjqQ=" })
	void idsThatLeaveNoRoomForTheTokenOfAStatelessResetAreRefused(String property) {
		assertThatThrownBy(() -> ids(RESET_KEY, property))
			.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (ex) -> {
				assertThat(ex.getName()).isEqualTo("http3.server.quic.stateless-reset-key");
				assertThat(ex.getValue()).isNotEqualTo(RESET_KEY);
				assertThat(ex.getReason()).contains("more than 14 bytes", "http3.server.quic.server-id-nonce-length");
			});
		assertThat(ids(RESET_KEY, SERVER_ID + "0a", NONCE_LENGTH + 9).length()).isEqualTo(14);
	}

	@Test
	void propertyCountsMoreThanAws() {
		assertThat(create(AWS + "LWV1oW+gjqQ=", SERVER_ID + "0a")).startsWith("000a");
	}

	@ParameterizedTest
	@ValueSource(strings = { SERVER_ID + "0", SERVER_ID + "xy", SERVER_ID + "0102030405060708090a0b0c0d",
			CONFIG_ROTATION + "7", NONCE_LENGTH + "3" })
	void otherValuesAreRefused(String property) {
		assertThatThrownBy(() -> ids(property)).rootCause()
			.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class,
					(ex) -> assertThat(ex.getReason()).startsWith("Must be"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "LWV1", "no Base64", "2d6575a16fa08e" })
	void variableOfAwsThatIsNoServerIdIsRefused(String variable) {
		assertThatThrownBy(() -> ids(AWS + variable)).isInstanceOfSatisfying(
				InvalidConfigurationPropertyValueException.class,
				(ex) -> assertThat(ex.getReason()).startsWith("The environment variable AWS_LBC_QUIC_SERVER_ID must"));
	}

	@Test
	void nonceThatAwsCannotReadIsRefused() {
		assertThatThrownBy(() -> ids(AWS + "LWV1oW+gjqQ=", NONCE_LENGTH + 8)).isInstanceOfSatisfying(
				InvalidConfigurationPropertyValueException.class,
				(ex) -> assertThat(ex.getReason()).startsWith("Must be 4, or not be set"));
		assertThat(ids(AWS + "LWV1oW+gjqQ=", NONCE_LENGTH + 4).length()).isEqualTo(16);
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void settingsOfALoadBalancerWithoutAServerIdAreWarnedOf(CapturedOutput output) {
		assertThat(ids(KEY + SECRET, CONFIG_ROTATION + 1).length()).isEqualTo(12);
		assertThat(output).contains("[http3.server.quic.server-id-config-rotation, http3.server.quic.server-id-key] "
				+ "have no effect without 'http3.server.quic.server-id'");
	}

	@Test
	void nonceThatLeavesNoRoomForTheWorkerIsRefused() {
		assertThatThrownBy(() -> ids(SERVER_ID + "0a1b2c", NONCE_LENGTH + 14)).rootCause()
			.hasMessageContaining("server-id-nonce-length");
		assertThat(ids(SERVER_ID + "0a1b2c", NONCE_LENGTH + 13).length()).isEqualTo(20);
	}

	@Test
	void keyThatIsRefusedIsNotShown() {
		assertThatThrownBy(() -> ids(KEY + "8f95f0924576")).rootCause()
			.hasMessageNotContaining("8f95f0924576")
			.hasMessageContaining("server-id-key");
		assertThatThrownBy(() -> ids(AWS + "LWV1oW+gjqQ=", KEY + SECRET)).hasMessageContaining("server-id-key")
			.hasMessageNotContaining(SECRET);
	}

	private static ConnectionIdLayout ids(String... properties) {
		return new TestSettings(List.of(properties)).server().connectionIds();
	}

	/**
	 * Return an id of zeros but for what is given.
	 */
	private static String create(String... properties) {
		ConnectionIdLayout ids = ids(properties);
		ByteBuffer id = ids.create(0, new byte[ids.randomLength()]);
		assertThat(id.remaining()).isEqualTo(ids.length());
		return HexFormat.of().formatHex(id.array());
	}

}
