package io.github.http3spring.netty.settings;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

import io.github.http3spring.netty.routing.ConnectionIdLayout;
import io.github.http3spring.netty.routing.ServerId;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Reads the server id by which a load balancer finds an instance, from the properties of
 * QUIC or from what AWS' load balancer controller tells a pod.
 */
public final class RoutableServer {

	private static final Log logger = LogFactory.getLog(RoutableServer.class);

	/**
	 * Environment variable of AWS' load balancer controller.
	 */
	public static final String AWS_VARIABLE = "AWS_LBC_QUIC_SERVER_ID";

	private static final String SERVER_ID = "http3.server.quic.server-id";

	private static final String NONCE_LENGTH = SERVER_ID + "-nonce-length";

	private static final String CONFIG_ROTATION = SERVER_ID + "-config-rotation";

	private static final String KEY = SERVER_ID + "-key";

	private static final String HEX_PREFIX = "0x";

	private static final int AWS_LENGTH = 8;

	/**
	 * quiche has 128 bytes for all transport parameters, in which an id stands twice
	 * after a Retry packet. Nobody could connect then who has chosen a long id as well.
	 */
	private static final int MAX_LENGTH_WITH_RESET_TOKEN = 14;

	private RoutableServer() {
	}

	/**
	 * Check the properties.
	 * @throws InvalidConfigurationPropertyValueException if one is not allowed
	 */
	static void check(@Nullable String id, @Nullable Integer nonceLength, int configRotation, @Nullable String key) {
		PropertyRange.number(CONFIG_ROTATION, configRotation, 0, ServerId.MAX_CONFIG_ROTATION);
		if (key != null && key(key) == null) {
			throw new InvalidConfigurationPropertyValueException(KEY, PropertyRange.HIDDEN,
					"Must be " + ServerId.KEY_LENGTH + " bytes: " + 2 * ServerId.KEY_LENGTH + " hexadecimal digits.");
		}
		int maxNonceLength = ServerId.MAX_LENGTH - 1;
		if (id != null) {
			int maxLength = ServerId.MAX_LENGTH - ServerId.MIN_NONCE_LENGTH;
			byte[] bytes = hex(id);
			if (bytes == null || bytes.length == 0 || bytes.length > maxLength) {
				throw new InvalidConfigurationPropertyValueException(SERVER_ID, id,
						"Must be between 1 and " + maxLength
								+ " bytes, each of two hexadecimal digits; in quotes if it is written in YAML, which "
								+ "takes it for a number otherwise.");
			}
			maxNonceLength = ServerId.MAX_LENGTH - bytes.length;
		}
		PropertyRange.number(NONCE_LENGTH, nonceLength, ServerId.MIN_NONCE_LENGTH, maxNonceLength);
	}

	/**
	 * Return what connection ids look like.
	 * @param quic the properties
	 * @param awsVariable the value of {@value #AWS_VARIABLE}, which counts where there is
	 * no property
	 * @throws InvalidConfigurationPropertyValueException if the variable is not what it
	 * should be, or if ids are too long for stateless resets
	 */
	public static ConnectionIdLayout connectionIds(QuicSettings quic, @Nullable String awsVariable) {
		ConnectionIdLayout ids = ConnectionIdLayout.create(serverId(quic, awsVariable));
		if (quic.statelessResetKey() != null && ids.length() > MAX_LENGTH_WITH_RESET_TOKEN) {
			throw new InvalidConfigurationPropertyValueException("http3.server.quic.stateless-reset-key",
					PropertyRange.HIDDEN,
					"Must not be set with connection ids of more than " + MAX_LENGTH_WITH_RESET_TOKEN
							+ " bytes. They have " + ids.length()
							+ ": server id, nonce and 4 more. A shorter nonce may do ('" + NONCE_LENGTH
							+ "', as the load balancer has it), but not with that of AWS, which wants ids of 16 bytes.");
		}
		return ids;
	}

	private static @Nullable ServerId serverId(QuicSettings quic, @Nullable String awsVariable) {
		if (quic.serverId() != null) {
			byte[] id = HexFormat.of().parseHex(digits(quic.serverId()));
			int nonceLength = (quic.serverIdNonceLength() != null) ? quic.serverIdNonceLength()
					: ServerId.MAX_LENGTH - id.length;
			return new ServerId(id, nonceLength, quic.serverIdConfigRotation(),
					(quic.serverIdKey() != null) ? key(quic.serverIdKey()) : null);
		}
		if (awsVariable != null && !awsVariable.isBlank()) {
			return ofAws(quic, awsVariable.strip());
		}
		warnOfVainSettings(quic);
		return null;
	}

	/**
	 * An application may be configured for a load balancer and run without one, for
	 * example where it is developed, but not unnoticed.
	 */
	private static void warnOfVainSettings(QuicSettings quic) {
		List<String> vain = new ArrayList<>();
		if (quic.serverIdNonceLength() != null) {
			vain.add(NONCE_LENGTH);
		}
		if (quic.serverIdConfigRotation() != 0) {
			vain.add(CONFIG_ROTATION);
		}
		if (quic.serverIdKey() != null) {
			vain.add(KEY);
		}
		if (!vain.isEmpty()) {
			logger.warn("No load balancer finds this server by its HTTP/3 connection ids: " + vain
					+ " have no effect without '" + SERVER_ID + "'");
		}
	}

	/**
	 * AWS' Network Load Balancer routes ids of exactly 16 bytes alone, and reads no
	 * encrypted ones.
	 */
	private static ServerId ofAws(QuicSettings quic, String variable) {
		if (quic.serverIdKey() != null) {
			throw new InvalidConfigurationPropertyValueException(KEY, PropertyRange.HIDDEN, "Must not be set where "
					+ AWS_VARIABLE + " is: the load balancer of AWS cannot read encrypted server ids.");
		}
		Integer nonceLength = quic.serverIdNonceLength();
		if (nonceLength != null && nonceLength != ServerId.MIN_NONCE_LENGTH) {
			throw new InvalidConfigurationPropertyValueException(NONCE_LENGTH, nonceLength,
					"Must be " + ServerId.MIN_NONCE_LENGTH + ", or not be set, where " + AWS_VARIABLE
							+ " is: the load balancer of AWS wants connection ids of 16 bytes.");
		}
		byte[] id = base64(variable);
		if (id == null || id.length != AWS_LENGTH) {
			id = hex(variable);
		}
		if (id == null || id.length != AWS_LENGTH) {
			throw new InvalidConfigurationPropertyValueException(SERVER_ID, variable, "The environment variable "
					+ AWS_VARIABLE + " must hold " + AWS_LENGTH + " bytes in Base64, as the "
					+ "load balancer controller of AWS sets it; if it is of something else, set '" + SERVER_ID + "'.");
		}
		return new ServerId(id, ServerId.MIN_NONCE_LENGTH, quic.serverIdConfigRotation(), null);
	}

	private static byte @Nullable [] base64(String text) {
		try {
			return Base64.getDecoder().decode(text);
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private static byte @Nullable [] key(String text) {
		byte[] key = hex(text);
		return (key != null && key.length == ServerId.KEY_LENGTH) ? key : null;
	}

	private static byte @Nullable [] hex(String text) {
		try {
			return HexFormat.of().parseHex(digits(text));
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private static String digits(String text) {
		return text.startsWith(HEX_PREFIX) ? text.substring(HEX_PREFIX.length()) : text;
	}

}
