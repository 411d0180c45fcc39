package io.github.http3spring.netty.udp;

import java.net.InetSocketAddress;

import io.github.http3spring.netty.settings.QuicSettings.AddressValidation;
import io.github.http3spring.netty.tls.Hmac;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AddressValidator}.
 */
class AddressValidatorTests {

	private static final int INVALID = -1;

	private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.7", 4433);

	private static final byte[] CONNECTION_ID = { 1, 2, 3, 4, 5, 6, 7, 8 };

	private int pending;

	private long nanos = Long.MAX_VALUE - 5;

	@ParameterizedTest
	@EnumSource(AddressValidation.class)
	void tokenThatIsNotOursIsRefusedWhateverTheMode(AddressValidation mode) {
		AddressValidator validator = validator(mode);
		for (int length : new int[] { 1, 24, 25, 100 }) {
			assertThat(validator.validateToken(Unpooled.wrappedBuffer(new byte[length]), CLIENT)).isEqualTo(INVALID);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "192.0.2.8:4433", "192.0.2.7:4434", "[2001:db8::1]:4433" })
	void tokenFromAnotherAddressIsRefused(String address) {
		AddressValidator validator = validator(AddressValidation.ALWAYS);
		int colon = address.lastIndexOf(':');
		InetSocketAddress other = new InetSocketAddress(address.substring(0, colon),
				Integer.parseInt(address.substring(colon + 1)));
		assertThat(validator.validateToken(token(validator), other)).isEqualTo(INVALID);
	}

	@Test
	void tokenOfAnotherSocketIsRefused() {
		ByteBuf token = token(validator(AddressValidation.ALWAYS));
		assertThat(validator(AddressValidation.ALWAYS).validateToken(token, CLIENT)).isEqualTo(INVALID);
	}

	@Test
	void tokenOfWhichAnyBitWasChangedIsRefused() {
		AddressValidator validator = validator(AddressValidation.ALWAYS);
		ByteBuf token = token(validator);
		for (int index = 0; index < token.readableBytes(); index++) {
			ByteBuf changed = token.copy();
			changed.setByte(index, changed.getByte(index) ^ 1);
			assertThat(validator.validateToken(changed, CLIENT)).as("byte " + index).isEqualTo(INVALID);
		}
	}

	@Test
	void tokenIsGoodForItsLifetimeAndNoLonger() {
		AddressValidator validator = validator(AddressValidation.ALWAYS);
		ByteBuf token = token(validator);
		this.nanos += AddressValidator.LIFETIME.toNanos();
		assertThat(validator.validateToken(token, CLIENT)).isNotEqualTo(INVALID);
		this.nanos++;
		assertThat(validator.validateToken(token, CLIENT)).isEqualTo(INVALID);
	}

	@Test
	void tokenGivesTheFirstConnectionIdBack() {
		AddressValidator validator = validator(AddressValidation.ALWAYS);
		ByteBuf token = token(validator);
		int offset = validator.validateToken(token, CLIENT);
		assertThat(ByteBufUtil.getBytes(token, offset, token.readableBytes() - offset)).isEqualTo(CONNECTION_ID);
	}

	@Test
	void longestTokenFits() {
		AddressValidator validator = validator(AddressValidation.ALWAYS);
		ByteBuf out = Unpooled.buffer(validator.maxTokenLength(), validator.maxTokenLength());
		assertThat(validator.writeToken(out, Unpooled.wrappedBuffer(new byte[20]), CLIENT)).isTrue();
	}

	@Test
	void adaptiveValidatesWhileTooManyHandshakesAreUnderWay() {
		AddressValidator validator = validator(AddressValidation.ADAPTIVE);
		assertThat(isRetried(validator)).isFalse();
		this.pending = AddressValidator.MAX_PENDING_HANDSHAKES - 1;
		assertThat(isRetried(validator)).isFalse();
		this.pending++;
		assertThat(isRetried(validator)).isTrue();
		this.pending--;
		assertThat(isRetried(validator)).isFalse();
	}

	@Test
	void neverMeansNever() {
		this.pending = Integer.MAX_VALUE;
		assertThat(isRetried(validator(AddressValidation.NEVER))).isFalse();
		assertThat(isRetried(validator(AddressValidation.ADAPTIVE))).isTrue();
	}

	private AddressValidator validator(AddressValidation mode) {
		return new AddressValidator(mode, Hmac.withRandomKey(), () -> this.pending, () -> this.nanos);
	}

	private static boolean isRetried(AddressValidator validator) {
		return validator.writeToken(Unpooled.buffer(), Unpooled.wrappedBuffer(CONNECTION_ID), CLIENT);
	}

	private static ByteBuf token(AddressValidator validator) {
		ByteBuf token = Unpooled.buffer();
		validator.writeToken(token, Unpooled.wrappedBuffer(CONNECTION_ID), CLIENT);
		return token;
	}

}
