package io.github.http3spring.netty.tls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

import io.github.http3spring.netty.stack.QuicheAccess;
import io.github.http3spring.netty.stack.ResetTokenAccess;
import io.netty.buffer.ByteBuf;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionIdGenerator;
import io.netty.incubator.codec.quic.QuicServerCodecBuilder;
import io.netty.incubator.codec.quic.QuicSslContext;

/**
 * Lets clients know at once that the server has crashed and forgotten their connections
 * (RFC 9000 section 10.3). The token that proves it follows from a key that outlives the
 * crash, and from the connection id. Ids begin with a mark of this run, by which those of
 * an earlier one are told without any look-up. Thread-safe.
 */
public final class StatelessReset {

	/**
	 * Length of a token in bytes.
	 */
	public static final int TOKEN_LENGTH = 16;

	private static final int MARK_LENGTH = Integer.BYTES;

	private final Hmac tokens;

	private final Hmac ids = Hmac.withRandomKey();

	private final int mark = new SecureRandom().nextInt();

	/**
	 * Create with a key.
	 * @param key the key, the same in each run of the same instance and secret
	 */
	public StatelessReset(String key) {
		this.tokens = new Hmac(key.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Let the codec use the tokens that belong to marked ids.
	 */
	public void applyTo(QuicServerCodecBuilder builder, QuicSslContext sslContext) {
		builder.resetTokenGenerator((id) -> ByteBuffer.wrap(token(id))).sslEngineProvider((channel) -> {
			announceToken(channel);
			return sslContext.newEngine(channel.alloc());
		});
	}

	/**
	 * Create the generator of marked ids. Other ids would be taken for those of an
	 * earlier run.
	 */
	public QuicConnectionIdGenerator newIds() {
		return new MarkedIds();
	}

	/**
	 * Tell the client the token of the first id. The codec itself has tokens for those
	 * alone that the client may change to.
	 */
	private void announceToken(QuicChannel channel) {
		for (ByteBuffer id : QuicheAccess.connectionIds(channel)) {
			if (id.remaining() == QuicheAccess.CONNECTION_ID_LENGTH && id.getInt(id.position()) == this.mark) {
				ResetTokenAccess.set(channel, token(id));
				return;
			}
		}
	}

	public byte[] token(ByteBuffer connectionId) {
		return this.tokens.sign(TOKEN_LENGTH, connectionId);
	}

	/**
	 * Return whether an id was given out by an earlier run.
	 * @param packet the packet
	 * @param index where the id begins
	 */
	public boolean isForgotten(ByteBuf packet, int index) {
		return packet.getInt(index) != this.mark;
	}

	/**
	 * Makes ids of the mark and a signature of what the codec gives, for which it wants
	 * the same id each time.
	 */
	private final class MarkedIds implements QuicConnectionIdGenerator {

		@Override
		public ByteBuffer newId(int length) {
			throw new UnsupportedOperationException();
		}

		@Override
		public ByteBuffer newId(ByteBuffer input, int length) {
			return ByteBuffer.allocate(length)
				.putInt(StatelessReset.this.mark)
				.put(StatelessReset.this.ids.sign(length - MARK_LENGTH, input))
				.flip();
		}

		@Override
		public int maxConnectionIdLength() {
			return QuicheAccess.CONNECTION_ID_LENGTH;
		}

		@Override
		public boolean isIdempotent() {
			return true;
		}

	}

}
