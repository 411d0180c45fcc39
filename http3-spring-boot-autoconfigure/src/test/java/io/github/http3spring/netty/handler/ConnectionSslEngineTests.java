package io.github.http3spring.netty.handler;

import java.nio.ByteBuffer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;

import io.netty.channel.DefaultChannelId;
import io.netty.incubator.codec.quic.QuicChannel;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ConnectionSslEngine}.
 */
class ConnectionSslEngineTests {

	private final QuicChannel connection = mock();

	private final SSLEngine codec = mock();

	private final ConnectionSslEngine engine = new ConnectionSslEngine(this.connection);

	@BeforeEach
	void connect() {
		given(this.connection.id()).willReturn(DefaultChannelId.newInstance());
		given(this.connection.sslEngine()).willReturn(this.codec);
		given(this.connection.isOpen()).willReturn(true);
		SSLSession session = mock();
		given(this.codec.getSession()).willReturn(session);
	}

	@Test
	void sessionIsTheSameEachTimeAndHasAnId() {
		SSLSession session = this.engine.getSession();
		assertThat(session.getId()).hasSize(16);
		assertThat(this.engine.getSession()).isSameAs(session);
	}

	@Test
	void sessionOutlivesItsConnection() {
		SSLSession session = this.engine.getSession();
		given(this.connection.sslEngine()).willReturn(null);
		assertThat(this.engine.getSession()).isSameAs(session);
	}

	@Test
	void engineIsThatOfTheCodec() {
		given(this.codec.getApplicationProtocol()).willReturn("h3");
		given(this.codec.getNeedClientAuth()).willReturn(true);
		assertThat(this.engine.getApplicationProtocol()).isEqualTo("h3");
		assertThat(this.engine.getNeedClientAuth()).isTrue();
		assertThat(this.engine.getWantClientAuth()).isFalse();
		assertThat(this.engine.getUseClientMode()).isFalse();
	}

	@Test
	void connectionThatHasNotBegunHasNoEngine() {
		given(this.connection.sslEngine()).willReturn(null);
		assertThatIllegalStateException().isThrownBy(this.engine::getSession)
			.withMessage("The connection has not begun or has ended");
	}

	@Test
	void engineIsDoneWithItsConnection() {
		assertThat(this.engine.isInboundDone()).isFalse();
		assertThat(this.engine.isOutboundDone()).isFalse();
		given(this.connection.isOpen()).willReturn(false);
		assertThat(this.engine.isInboundDone()).isTrue();
		assertThat(this.engine.isOutboundDone()).isTrue();
	}

	@Test
	void engineIsOnlyToBeLookedAt() {
		ByteBuffer buffer = ByteBuffer.allocate(1);
		assertUnsupported(this.engine::beginHandshake);
		assertUnsupported(() -> this.engine.wrap(buffer, buffer));
		assertUnsupported(() -> this.engine.unwrap(buffer, buffer));
		assertUnsupported(this.engine::closeInbound);
		assertUnsupported(this.engine::closeOutbound);
		assertUnsupported(() -> this.engine.setNeedClientAuth(true));
		assertUnsupported(() -> this.engine.setEnabledProtocols(new String[0]));
	}

	private static void assertUnsupported(ThrowingCallable call) {
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(call);
	}

}
