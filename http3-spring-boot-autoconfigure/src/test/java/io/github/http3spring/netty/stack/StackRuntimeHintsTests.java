package io.github.http3spring.netty.stack;

import java.lang.reflect.Method;
import java.util.Arrays;

import io.netty.incubator.codec.http3.Http3ConnectionHandler;
import io.netty.incubator.codec.quic.QuicChannel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StackRuntimeHints} and the other hints of this project, as an
 * application gets them.
 */
class StackRuntimeHintsTests {

	private final RuntimeHints hints = new RuntimeHints();

	@BeforeEach
	void registerAsAnApplicationDoes() {
		SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
			.load(RuntimeHintsRegistrar.class)
			.stream()
			.filter((registrar) -> registrar.getClass().getName().startsWith("io.github.http3spring."))
			.forEach((registrar) -> registrar.registerHints(this.hints, getClass().getClassLoader()));
	}

	@ParameterizedTest
	@CsvSource({ "Quiche, QUICHE_ERR_INVALID_STREAM_STATE", "Quiche, QUICHE_ERR_STREAM_STOPPED",
			"QuicheQuicChannel, connection", "QuicheQuicChannel, timeoutHandler", "QuicheQuicChannel, closeData",
			"QuicheQuicChannel$TimeoutHandler, timeoutFuture", "QuicheQuicChannel$CloseData, applicationClose",
			"QuicheQuicChannel$CloseData, err", "QuicheQuicChannel, streamReadable", "QuicheQuicStreamChannel, finSent",
			"QuicheQuicCodec, config" })
	void fieldOfTheQuicCodecIsKept(String className, String field) throws Exception {
		assertFieldIsKept(quic(className), field);
	}

	@ParameterizedTest
	@CsvSource({ "Quiche, quiche_conn_timeout_as_nanos", "Quiche, quiche_conn_on_timeout", "Quiche, quiche_conn_close",
			"Quiche, quiche_conn_stream_finished", "Quiche, quiche_version",
			"Quiche, quiche_config_set_stateless_reset_token", "QuicheQuicChannel, streamCapacity",
			"QuicheQuicChannel, streamShutdown", "QuicheQuicChannel, sourceConnectionIds",
			"QuicheQuicChannel$TimeoutHandler, cancel", "QuicheQuicConnection, address", "QuicheQuicCodec, getChannel",
			"QuicheQuicCodec, removeMapping", "QuicheConfig, nativeAddress", "QuicSslContextBuilder, sni" })
	void methodOfTheQuicCodecIsKept(String className, String name) throws Exception {
		Method[] methods = Arrays.stream(quic(className).getDeclaredMethods())
			.filter((method) -> method.getName().equals(name))
			.toArray(Method[]::new);
		assertThat(methods).isNotEmpty()
			.allMatch((method) -> RuntimeHintsPredicates.reflection().onMethod(method).invoke().test(this.hints));
	}

	@Test
	void fieldsOfTheHttp3CodecAndOfReactorNettyAreKept() throws Exception {
		assertFieldIsKept(Http3ConnectionHandler.class, "remoteControlStreamHandler");
		assertFieldIsKept(
				Class.forName(Http3ConnectionHandler.class.getPackageName() + ".Http3ControlStreamOutboundHandler"),
				"localSettings");
		assertFieldIsKept(Class.forName("reactor.netty.http.server.Http3ChannelInitializer"), "quicChannelInitializer");
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor.netty.http.server.HttpServer", "io.netty.incubator.codec.http3.Http3",
			"io.netty.incubator.codec.quic.QuicChannel", "org.slf4j.MDC" })
	void classThatIsLookedForAtTheStartIsKept(String className) throws Exception {
		assertThat(RuntimeHintsPredicates.reflection().onType(Class.forName(className))).accepts(this.hints);
	}

	@Test
	void nothingIsRegisteredOfAStackThatIsNotThere() {
		RuntimeHints none = new RuntimeHints();
		new StackRuntimeHints().registerHints(none, ClassLoader.getPlatformClassLoader());
		assertThat(none.reflection().typeHints()).isEmpty();
		assertThat(this.hints.reflection().typeHints()).isNotEmpty();
	}

	private void assertFieldIsKept(Class<?> type, String name) throws NoSuchFieldException {
		assertThat(RuntimeHintsPredicates.reflection().onField(type.getDeclaredField(name))).accepts(this.hints);
	}

	private static Class<?> quic(String className) throws ClassNotFoundException {
		return Class.forName(QuicChannel.class.getPackageName() + "." + className);
	}

}
