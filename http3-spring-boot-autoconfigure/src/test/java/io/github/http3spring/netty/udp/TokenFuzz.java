package io.github.http3spring.netty.udp;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

import io.github.http3spring.fuzz.FuzzInput;
import io.github.http3spring.netty.settings.QuicSettings.AddressValidation;
import io.github.http3spring.netty.tls.Hmac;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tokens of address validation: only one that was given out, as it was given out, and to
 * whom, is good.
 */
public final class TokenFuzz {

	private static final InetSocketAddress CLIENT = new InetSocketAddress("127.0.0.1", 4433);

	private static final AddressValidator VALIDATOR = new AddressValidator(AddressValidation.ALWAYS,
			Hmac.withRandomKey(), () -> 0, () -> 1_000_000_000);

	private TokenFuzz() {
	}

	/**
	 * Take a connection id to give a token out for, what the token is changed by, how
	 * much of it is cut off, and a port.
	 */
	public static void run(byte[] bytes) {
		FuzzInput input = new FuzzInput(bytes);
		byte[] id = input.nextBytes(input.below(21));
		ByteBuf given = Unpooled.buffer();
		assertThat(VALIDATOR.writeToken(given, Unpooled.wrappedBuffer(id), CLIENT)).isTrue();
		assertThat(given.readableBytes()).isLessThanOrEqualTo(VALIDATOR.maxTokenLength());
		byte[] original = ByteBufUtil.getBytes(given);
		int port = CLIENT.getPort() + input.next();
		byte[] token = Arrays.copyOf(original, Math.max(1, original.length + (byte) input.next()));
		for (int index = input.next() % token.length; index < token.length && input.hasMore(); index++) {
			token[index] ^= (byte) input.next();
		}
		boolean same = port == CLIENT.getPort() && Arrays.equals(token, original) && id.length > 0;
		InetSocketAddress sender = new InetSocketAddress(CLIENT.getAddress(), port);
		assertThat(VALIDATOR.judge(ByteBuffer.wrap(token), sender) == AddressValidator.Token.VALID).isEqualTo(same);
		int offset = VALIDATOR.validateToken(Unpooled.wrappedBuffer(token), sender);
		assertThat(offset >= 0).isEqualTo(same);
		if (same) {
			// What is left is the id, which the codec takes for that of the connection
			assertThat(Arrays.copyOfRange(token, offset, token.length)).isEqualTo(id);
		}
		VALIDATOR.judge(ByteBuffer.wrap((bytes.length > 0) ? bytes : new byte[1]), sender);
	}

}
