package io.github.http3spring.netty.stack;

import java.util.ArrayList;
import java.util.List;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.MockedStatic;
import reactor.netty.NettyPipeline;
import reactor.netty.channel.ChannelOperations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockStatic;

/**
 * Tests for {@link HandlerSubscription}.
 */
class HandlerSubscriptionTests {

	@SuppressWarnings("rawtypes")
	private final MockedStatic<ChannelOperations> operations = mockStatic(ChannelOperations.class);

	private final List<String> calls = new ArrayList<>();

	private final EmbeddedChannel stream = new EmbeddedChannel();

	private boolean fails;

	@BeforeEach
	void handle() {
		ChannelOperations<?, ?> handled = mock();
		this.operations.when(() -> ChannelOperations.get(this.stream)).thenReturn(handled);
		this.stream.pipeline().addLast(NettyPipeline.ReactiveBridge, new ChannelInboundHandlerAdapter() {

			@Override
			public void channelInactive(ChannelHandlerContext ctx) {
				HandlerSubscriptionTests.this.calls.add("cancelled");
				if (HandlerSubscriptionTests.this.fails) {
					throw new IllegalStateException("expected by a test");
				}
			}

		});
	}

	@AfterEach
	void release() {
		this.operations.close();
	}

	@Test
	void handlerIsCancelledWhileItsStreamIsOpen() {
		HandlerSubscription.cancel(this.stream);
		assertThat(this.calls).containsExactly("cancelled");
		assertThat(this.stream.isOpen()).isTrue();
	}

	@Test
	void taskRunsBeforeTheHandlerIsCancelledAndOnlyOnce() {
		HandlerSubscription.beforeCancel(this.stream, () -> this.calls.add("before"));
		HandlerSubscription.cancel(this.stream);
		HandlerSubscription.cancel(this.stream);
		assertThat(this.calls).containsExactly("before", "cancelled", "cancelled");
	}

	@Test
	void nothingIsCancelledWhereThereIsNoHandler() {
		this.operations.when(() -> ChannelOperations.get(this.stream)).thenReturn(null);
		HandlerSubscription.beforeCancel(this.stream, () -> this.calls.add("before"));
		HandlerSubscription.cancel(this.stream);
		assertThat(this.calls).isEmpty();
	}

	@Test
	void failureDoesNotReachTheOneWhoCancels() {
		this.fails = true;
		HandlerSubscription.cancel(this.stream);
		assertThat(this.calls).containsExactly("cancelled");
	}

}
