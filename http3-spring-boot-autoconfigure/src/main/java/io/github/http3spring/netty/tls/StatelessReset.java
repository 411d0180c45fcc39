package io.github.http3spring.netty.tls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import io.github.http3spring.netty.routing.ConnectionIdLayout;
import io.github.http3spring.netty.stack.QuicheAccess;
import io.github.http3spring.netty.stack.ResetTokenAccess;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicServerCodecBuilder;
import io.netty.incubator.codec.quic.QuicSslContext;

/**
 * Lets clients know at once that the server has crashed and forgotten their connections
 * (RFC 9000 section 10.3). The token that proves it follows from a key that outlives the
 * crash, and from the connection id. Thread-safe.
 */
public final class StatelessReset {

	/**
	 * Length of a token in bytes.
	 */
	public static final int TOKEN_LENGTH = 16;

	private final Hmac tokens;

	/**
	 * Create with a key.
	 * @param key the key, the same in each run of the same instance and secret
	 */
	public StatelessReset(String key) {
		this.tokens = new Hmac(key.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Let the codec use the tokens that belong to our ids.
	 */
	public void applyTo(QuicServerCodecBuilder builder, QuicSslContext sslContext, ConnectionIdLayout ids) {
		builder.resetTokenGenerator((id) -> ByteBuffer.wrap(token(id))).sslEngineProvider((channel) -> {
			announceToken(channel, ids);
			return sslContext.newEngine(channel.alloc());
		});
	}

	/**
	 * Tell the client the token of the first id. The codec itself has tokens for those
	 * alone that the client may change to.
	 */
	private void announceToken(QuicChannel channel, ConnectionIdLayout ids) {
		for (ByteBuffer id : QuicheAccess.connectionIds(channel)) {
			if (ids.isOwn(id)) {
				ResetTokenAccess.set(channel, token(id));
				return;
			}
		}
	}

	public byte[] token(ByteBuffer connectionId) {
		return this.tokens.sign(TOKEN_LENGTH, connectionId);
	}

}
