package io.github.http3spring.netty.connection;

import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.stream.Stream;

import io.github.http3spring.netty.tls.CertificateRefusals;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionListeners}.
 */
class ConnectionListenersTests {

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void eachEventIsPassedOnToEveryListenerAsItIs(Method event) throws Exception {
		ConnectionEvents first = Mockito.mock();
		ConnectionEvents second = Mockito.mock();
		Object[] arguments = Stream.of(event.getParameterTypes()).map(ConnectionListenersTests::argument).toArray();
		event.invoke(new ConnectionListeners(first, second), arguments);
		event.invoke(Mockito.verify(first), arguments);
		event.invoke(Mockito.verify(second), arguments);
		Mockito.verifyNoMoreInteractions(first, second);
	}

	static Stream<Method> eachEventIsPassedOnToEveryListenerAsItIs() {
		return Stream.of(ConnectionEvents.class.getMethods());
	}

	@Test
	void attemptThatIsRefusedIsCounted() {
		ServerCounters counters = new ServerCounters();
		ConnectionListeners.ofAttempt(ByteBuffer.wrap(new byte[] { 1, 2 }), counters, new CertificateRefusals())
			.refused(new InetSocketAddress(4711), "the server is shutting down");
		assertThat(counters.connections().refused()).isOne();
	}

	private static Object argument(Class<?> type) {
		if (type == SocketAddress.class) {
			return new InetSocketAddress(4711);
		}
		if (type == Duration.class) {
			return Duration.ofMillis(42);
		}
		if (type.isEnum()) {
			return type.getEnumConstants()[1];
		}
		if (type == boolean.class) {
			return true;
		}
		if (type == String.class) {
			return "reason";
		}
		return (type == long.class) ? (Object) 8L : (Object) 3;
	}

}
