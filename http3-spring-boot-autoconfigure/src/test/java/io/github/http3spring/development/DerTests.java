package io.github.http3spring.development;

import java.math.BigInteger;
import java.time.Instant;
import java.util.HexFormat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Der}.
 */
class DerTests {

	@ParameterizedTest
	@CsvSource({ "2.5.29.17, 0603551d11", "1.2.840.10045.4.3.2, 06082a8648ce3d040302",
			"1.3.6.1.5.5.7.3.1, 06082b06010505070301", "1.3.127.128.16384, 06072b7f8100818000" })
	void objectIdentifierHasSevenBitsInEachByte(String identifier, String encoded) {
		assertThat(hex(Der.objectIdentifier(identifier))).isEqualTo(encoded);
	}

	@ParameterizedTest
	@CsvSource({ "0, 0400", "127, 047f", "128, 048180", "255, 0481ff", "256, 04820100", "65536, 0483010000" })
	void lengthTakesAsManyBytesAsItNeeds(int length, String head) {
		assertThat(hex(Der.octetString(new byte[length]))).isEqualTo(head + "00".repeat(length));
	}

	@Test
	void positiveIntegerDoesNotBeginWithABitThatIsSet() {
		assertThat(hex(Der.integer(BigInteger.valueOf(0x80)))).isEqualTo("02020080");
	}

	@Test
	void timeIsInUtc() {
		assertThat(Der.generalizedTime(Instant.parse("2026-11-29T00:30:15.7Z"))).asString()
			.isEqualTo("\u0018\u000f20261129003015Z");
	}

	@Test
	void elementsOfASequenceStandOneAfterTheOther() {
		assertThat(hex(Der.sequence(Der.bool(true), Der.explicit(3, Der.contextSpecific(2, (byte) 'a')))))
			.isEqualTo("3008" + "0101ff" + "a303" + "820161");
	}

	private static String hex(byte[] bytes) {
		return HexFormat.of().formatHex(bytes);
	}

}
