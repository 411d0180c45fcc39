package io.github.http3spring.netty.stack;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.Map;

import io.netty.channel.ChannelHandler;
import io.netty.incubator.codec.quic.QuicChannel;
import org.jspecify.annotations.Nullable;

/**
 * Gives each connection a stateless reset token of its own. Netty's QUIC codec has one
 * for all, with which each client could end the connections of the others; what it builds
 * connections from is private. Called on the event loop of the socket.
 */
public final class ResetTokenAccess {

	private static final String PACKAGE = "io.netty.incubator.codec.quic.";

	private static final @Nullable MethodHandle SET_TOKEN = setToken();

	private ResetTokenAccess() {
	}

	private static @Nullable MethodHandle setToken() {
		try {
			ClassLoader classLoader = QuicChannel.class.getClassLoader();
			Class<?> codec = Class.forName(PACKAGE + "QuicheQuicCodec", false, classLoader);
			Class<?> quiche = Class.forName(PACKAGE + "Quiche", false, classLoader);
			Lookup lookup = MethodHandles.privateLookupIn(codec, MethodHandles.lookup());
			Class<?> configType = codec.getDeclaredField("config").getType();
			MethodHandle config = lookup.findGetter(codec, "config", configType);
			MethodHandle address = lookup.findVirtual(configType, "nativeAddress", MethodType.methodType(long.class));
			MethodHandle setToken = lookup.findStatic(quiche, "quiche_config_set_stateless_reset_token",
					MethodType.methodType(void.class, long.class, byte[].class));
			return MethodHandles.filterArguments(setToken, 0, MethodHandles.filterReturnValue(config, address))
				.asType(MethodType.methodType(void.class, Object.class, byte[].class));
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			return null;
		}
	}

	/**
	 * Set the token that a connection which is about to be created tells its client (RFC
	 * 9000 section 18.2).
	 * @param channel the connection
	 * @param token the token
	 */
	public static void set(QuicChannel channel, byte[] token) {
		for (Map.Entry<String, ChannelHandler> handler : channel.parent().pipeline()) {
			if (SET_TOKEN != null
					&& handler.getValue().getClass().getName().equals(PACKAGE + "QuicheQuicServerCodec")) {
				try {
					SET_TOKEN.invoke(handler.getValue(), token);
				}
				catch (Throwable ex) {
					throw new IllegalStateException(ex);
				}
			}
		}
	}

}
