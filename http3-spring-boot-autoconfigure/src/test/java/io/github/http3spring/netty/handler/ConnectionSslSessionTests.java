package io.github.http3spring.netty.handler;

import java.security.Principal;
import java.security.cert.Certificate;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

import io.netty.channel.ChannelId;
import io.netty.channel.DefaultChannelId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ConnectionSslSession}.
 */
class ConnectionSslSessionTests {

	private final ChannelId connection = DefaultChannelId.newInstance();

	private final SSLSession session = mock();

	private final ConnectionSslSession connectionSession = new ConnectionSslSession(this.connection, this.session);

	@Test
	void idIsThatOfTheConnection() {
		byte[] id = this.connectionSession.getId();
		assertThat(id).hasSize(16).isEqualTo(new ConnectionSslSession(this.connection, this.session).getId());
		assertThat(new ConnectionSslSession(DefaultChannelId.newInstance(), this.session).getId()).isNotEqualTo(id);
	}

	@Test
	void everythingElseIsThatOfTheCodec() throws Exception {
		Certificate[] certificates = { mock() };
		Principal principal = mock();
		given(this.session.getPeerCertificates()).willReturn(certificates);
		given(this.session.getPeerPrincipal()).willReturn(principal);
		given(this.session.getCipherSuite()).willReturn("TLS_AES_128_GCM_SHA256");
		given(this.session.getProtocol()).willReturn("TLSv1.3");
		given(this.session.isValid()).willReturn(true);
		assertThat(this.connectionSession.getPeerCertificates()).isSameAs(certificates);
		assertThat(this.connectionSession.getPeerPrincipal()).isSameAs(principal);
		assertThat(this.connectionSession.getCipherSuite()).isEqualTo("TLS_AES_128_GCM_SHA256");
		assertThat(this.connectionSession.getProtocol()).isEqualTo("TLSv1.3");
		assertThat(this.connectionSession.isValid()).isTrue();
	}

	@Test
	void clientWithoutACertificateIsUnverified() throws Exception {
		given(this.session.getPeerCertificates()).willThrow(new SSLPeerUnverifiedException("none"));
		assertThatExceptionOfType(SSLPeerUnverifiedException.class)
			.isThrownBy(this.connectionSession::getPeerCertificates);
	}

}
