package io.github.http3spring.netty.stack;

import java.util.Arrays;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.util.ClassUtils;

/**
 * Keeps the private members of the stack that are used here in a native image. What the
 * native library of the codec needs comes with the codec.
 */
class StackRuntimeHints implements RuntimeHintsRegistrar {

	private static final String HTTP3 = "io.netty.incubator.codec.http3.";

	private static final String QUIC = "io.netty.incubator.codec.quic.";

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		Registration registration = new Registration(hints.reflection(), classLoader);
		registration.register(QUIC + "Quiche", "QUICHE_ERR_INVALID_STREAM_STATE", "QUICHE_ERR_STREAM_STOPPED",
				"quiche_conn_timeout_as_nanos", "quiche_conn_on_timeout", "quiche_conn_close",
				"quiche_conn_stream_finished", "quiche_conn_stream_priority", "quiche_version",
				"quiche_config_set_stateless_reset_token");
		registration.register(QUIC + "QuicheQuicChannel", "connection", "timeoutHandler", "closeData", "streamReadable",
				"streamCapacity", "streamShutdown", "sourceConnectionIds", "markInFireChannelReadCompleteQueue",
				"recvComplete");
		registration.register(QUIC + "QuicheQuicChannel$TimeoutHandler", "timeoutFuture", "cancel");
		registration.register(QUIC + "QuicheQuicChannel$CloseData", "applicationClose", "err");
		registration.register(QUIC + "QuicheQuicStreamChannel", "finSent");
		registration.register(QUIC + "QuicheQuicConnection", "address");
		registration.register(QUIC + "QuicheQuicCodec", "config", "getChannel", "removeMapping");
		registration.register(QUIC + "QuicheConfig", "nativeAddress");
		registration.register(QUIC + "QuicSslContextBuilder", "sni");
		registration.register(HTTP3 + "Http3ConnectionHandler", "remoteControlStreamHandler");
		registration.register(HTTP3 + "Http3ControlStreamOutboundHandler", "localSettings");
		registration.register("reactor.netty.http.server.Http3ChannelInitializer", "quicChannelInitializer");
	}

	private record Registration(ReflectionHints hints, @Nullable ClassLoader classLoader) {

		/**
		 * Register fields and methods of a class by their names, as far as they are
		 * there.
		 */
		void register(String className, String... members) {
			if (!ClassUtils.isPresent(className, this.classLoader)) {
				return;
			}
			Class<?> type = ClassUtils.resolveClassName(className, this.classLoader);
			Set<String> names = Set.of(members);
			this.hints.registerType(type);
			Arrays.stream(type.getDeclaredFields())
				.filter((field) -> names.contains(field.getName()))
				.forEach(this.hints::registerField);
			Arrays.stream(type.getDeclaredMethods())
				.filter((method) -> names.contains(method.getName()))
				.forEach((method) -> this.hints.registerMethod(method, ExecutableMode.INVOKE));
		}

	}

}
