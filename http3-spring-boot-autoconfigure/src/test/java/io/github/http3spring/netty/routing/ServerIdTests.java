package io.github.http3spring.netty.routing;

import java.nio.ByteBuffer;
import java.util.HexFormat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ServerId} and {@link ServerIdCipher}, with the vectors of
 * draft-ietf-quic-load-balancers-21 appendix B. Two of them have a slip of the pen there:
 * a nonce of half a byte too much, and a first byte that does not show its codepoint.
 */
class ServerIdTests {

	private static final HexFormat HEX = HexFormat.of();

	private static final String KEY = "8f95f09245765f80256934e50c66207f";

	@ParameterizedTest
	@CsvSource({ "0, c4605e, 4504cc4f, 07c4605e4504cc4f", "1, 350d28b420, 3487d970, 29350d28b4203487d970" })
	void plainIdsShowTheServer(int configRotation, String id, String nonce, String expected) {
		assertThat(write(configRotation, id, nonce, null)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "0, ed793a, ee080dbf, 0720b1d07b359d3c",
			"1, ed793a51d49b8f5fab65, ee080dbf48, 2fcc381bc74cb4fbad2823a3d1f8fed2",
			"2, ed793a51d49b8f5f, ee080dbf48c0d1e5, 504dd2d05a7b0de9b2b9907afb5ecf8cc3",
			"3, ed793a51d49b8f5fab, ee080dbf48c0d1e55d, 725779c9cc86beb3a3a4a3ca96fce4bfe0cdbc" })
	void encryptedIdsAreThoseOfTheDraft(int configRotation, String id, String nonce, String expected) {
		assertThat(write(configRotation, id, nonce, KEY)).isEqualTo(expected);
	}

	@Test
	void bytesOfAnOddNumberAreEncryptedAsInTheExampleOfTheDraft() {
		ServerIdCipher cipher = new ServerIdCipher(HEX.parseHex("fdf726a9893ec05c0632d3956680baf0"));
		assertThat(HEX.formatHex(cipher.encrypt(HEX.parseHex("31441a9c69c275")))).isEqualTo("67947d29be054a");
	}

	/**
	 * Return the id, with the length of what follows in the first byte, as in the draft.
	 */
	private static String write(int configRotation, String id, String nonce, @Nullable String key) {
		ServerId serverId = new ServerId(HEX.parseHex(id), nonce.length() / 2, configRotation,
				(key != null) ? HEX.parseHex(key) : null);
		ByteBuffer out = ByteBuffer.allocate(serverId.length());
		serverId.write(out, (byte) (serverId.length() - 1), HEX.parseHex(nonce));
		assertThat(out.hasRemaining()).isFalse();
		return HEX.formatHex(out.array());
	}

}
