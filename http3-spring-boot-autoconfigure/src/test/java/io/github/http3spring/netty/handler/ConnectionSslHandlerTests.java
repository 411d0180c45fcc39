package io.github.http3spring.netty.handler;

import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLEngine;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.incubator.codec.quic.QuicChannel;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ConnectionSslHandler}.
 */
class ConnectionSslHandlerTests {

	private final QuicChannel connection = mock();

	private final List<Object> events = new ArrayList<>();

	private final EmbeddedChannel channel = new EmbeddedChannel(new ConnectionSslHandler(this.connection),
			new ChannelInboundHandlerAdapter() {

				@Override
				public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
					ConnectionSslHandlerTests.this.events.add(event);
				}

				@Override
				public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
					ConnectionSslHandlerTests.this.events.add(cause);
				}

			});

	@Test
	void tlsOfTheConnectionIsFoundWhereSpringLooksForIt() {
		SSLEngine engine = mock();
		given(this.connection.sslEngine()).willReturn(engine);
		given(engine.getApplicationProtocol()).willReturn("h3");
		SslHandler handler = this.channel.pipeline().get(SslHandler.class);
		assertThat(handler.applicationProtocol()).isEqualTo("h3");
		assertThat(handler.engine().getNeedClientAuth()).isFalse();
	}

	@Test
	void everythingPasses() {
		this.channel.writeOneInbound("in");
		this.channel.flushInbound();
		assertThat(this.channel.<Object>readInbound()).isEqualTo("in");
		this.channel.writeOutbound("out");
		assertThat(this.channel.<Object>readOutbound()).isEqualTo("out");
		RuntimeException failure = new IllegalStateException();
		this.channel.pipeline().fireUserEventTriggered("event");
		this.channel.pipeline().fireExceptionCaught(failure);
		assertThat(this.events).containsExactly("event", failure);
	}

	@Test
	void closeWaitsForNoTls() {
		assertThat(this.channel.close().isSuccess()).isTrue();
		assertThat(this.channel.isOpen()).isFalse();
		assertThat(this.channel.outboundMessages()).isEmpty();
	}

}
