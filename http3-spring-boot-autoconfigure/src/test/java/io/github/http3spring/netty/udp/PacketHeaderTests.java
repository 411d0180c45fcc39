package io.github.http3spring.netty.udp;

import java.nio.ByteBuffer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PacketHeader}.
 */
class PacketHeaderTests {

	private static final int ID_LENGTH = 20;

	private static @Nullable ByteBuffer copiedId(ByteBuf datagram) {
		ByteBuffer copy = PacketHeader.newIdBuffer();
		return PacketHeader.copyDestinationId(datagram, ID_LENGTH, copy) ? copy : null;
	}

	private static final String INITIAL = "c0 00000001 03 0a0b0c 02 0102";

	@ParameterizedTest
	@CsvSource({ "00,''", "02abcd,abcd", "4002abcd,abcd", "80000002abcd,abcd", "c000000000000002abcd,abcd" })
	void headerOfAnInitialPacketIsRead(String tokenField, String token) {
		PacketHeader header = read(INITIAL + tokenField + "41 00");
		assertThat(header.version()).isOne();
		assertThat(header.initial()).isTrue();
		assertThat(header.destinationId()).isEqualTo(bytes("0a0b0c"));
		assertThat(header.sourceId()).isEqualTo(bytes("0102"));
		assertThat(header.token()).isEqualTo(bytes(token));
		assertThat(header.tokenIndex()).isEqualTo(12);
	}

	@Test
	void datagramIsLeftAsItIsWhereverItBegins() {
		ByteBuf datagram = buffer("ffff" + INITIAL + "00").skipBytes(2);
		PacketHeader header = PacketHeader.read(datagram);
		assertThat(header).isNotNull();
		assertThat(header.sourceId()).isEqualTo(bytes("0102"));
		assertThat(header.tokenIndex()).isEqualTo(14);
		assertThat(datagram.readerIndex()).isEqualTo(2);
		assertThat(PacketHeader.destinationId(datagram)).isEqualTo(bytes("0a0b0c"));
		assertThat(copiedId(datagram)).isEqualTo(bytes("0a0b0c"));
	}

	@Test
	void headerThatIsCutAnywhereIsNone() {
		String whole = INITIAL + "02abcd";
		ByteBuf datagram = buffer(whole);
		for (int length = 1; length < datagram.readableBytes(); length++) {
			assertThat(PacketHeader.read(datagram.slice(0, length))).as(length + " bytes").isNull();
		}
		assertThat(PacketHeader.read(datagram)).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "44b0", "bfffffff", "ffffffffffffffff" })
	void tokenLongerThanTheDatagramIsNone(String length) {
		assertThat(PacketHeader.read(buffer(INITIAL + length + "00".repeat(1200 - 14)))).isNull();
	}

	@Test
	void connectionIdsMayBeLongerThanTwentyBytesInOtherVersionsOnly() {
		String ids = "15" + "0a".repeat(21) + "ff" + "0b".repeat(255);
		assertThat(PacketHeader.read(buffer("c000000001" + ids + "00"))).isNull();
		PacketHeader header = read("c01a2a3a4a" + ids);
		assertThat(header.initial()).isFalse();
		assertThat(header.destinationId().remaining()).isEqualTo(21);
		assertThat(header.sourceId().remaining()).isEqualTo(255);
	}

	@ParameterizedTest
	@CsvSource({ "c000000001,true", "cf00000001,true", "d000000001,false", "e000000001,false", "f000000001,false",
			"e000000002,true", "c06b3343cf,true", "c0000000,true" })
	void initialPacketsAndOtherVersionsMayOpenAConnection(String datagram, boolean expected) {
		assertThat(PacketHeader.mayOpenConnection(buffer(datagram))).isEqualTo(expected);
	}

	@Test
	void shortHeaderHasAnIdOfOurLength() {
		ByteBuf datagram = buffer("40" + "0d".repeat(20) + "0000");
		assertThat(PacketHeader.isLong(datagram)).isFalse();
		assertThat(copiedId(datagram)).isEqualTo(bytes("0d".repeat(20)));
		assertThat(copiedId(datagram.slice(0, 20))).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "c0", "c000000001", "c00000000102aa" })
	void datagramTooShortForAnIdHasNone(String datagram) {
		assertThat(PacketHeader.destinationId(buffer(datagram))).isNull();
		assertThat(copiedId(buffer(datagram))).isNull();
	}

	private static PacketHeader read(String datagram) {
		PacketHeader header = PacketHeader.read(buffer(datagram));
		assertThat(header).isNotNull();
		return header;
	}

	private static ByteBuf buffer(String hex) {
		return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
	}

	private static ByteBuffer bytes(String hex) {
		return ByteBuffer.wrap(ByteBufUtil.decodeHexDump(hex));
	}

}
