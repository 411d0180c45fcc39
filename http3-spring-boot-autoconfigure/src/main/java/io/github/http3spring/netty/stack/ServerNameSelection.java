package io.github.http3spring.netty.stack;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

import io.netty.incubator.codec.quic.QuicSslContext;
import io.netty.incubator.codec.quic.QuicSslContextBuilder;
import io.netty.util.Mapping;
import org.jspecify.annotations.Nullable;

/**
 * Lets a TLS context hand connections over to the context of the name that the client
 * asks for (RFC 6066 section 3). The builder's public way to do so makes a context that
 * asks no client for a certificate, and a connection keeps that of its first context.
 * Without the private method that is used here {@link #AVAILABLE} is {@code false}.
 */
public final class ServerNameSelection {

	private static final @Nullable MethodHandle SNI = sni();

	/**
	 * Whether this version of the codec has the method.
	 */
	public static final boolean AVAILABLE = SNI != null;

	private ServerNameSelection() {
	}

	private static @Nullable MethodHandle sni() {
		try {
			return MethodHandles.privateLookupIn(QuicSslContextBuilder.class, MethodHandles.lookup())
				.findVirtual(QuicSslContextBuilder.class, "sni",
						MethodType.methodType(QuicSslContextBuilder.class, Mapping.class));
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			return null;
		}
	}

	/**
	 * Set how contexts are chosen.
	 * @param builder the builder of the context that connections begin with
	 * @param contexts the context for each name; the name is {@code null} if the client
	 * asks for none
	 * @return the builder
	 */
	public static QuicSslContextBuilder set(QuicSslContextBuilder builder,
			Mapping<@Nullable String, QuicSslContext> contexts) {
		if (SNI == null) {
			throw new IllegalStateException("No selection by server name");
		}
		try {
			return (QuicSslContextBuilder) SNI.invoke(builder, contexts);
		}
		catch (RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

}
