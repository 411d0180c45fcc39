package io.github.http3spring.netty;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.netty.stack.PathTiming;
import io.github.http3spring.netty.stack.PostponedTimer;
import io.github.http3spring.netty.stack.QuicheAccess;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.incubator.codec.quic.QuicChannel;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import reactor.netty.ChannelPipelineConfigurer;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections that {@link QuicheAccess} has closed, and that are not freed yet.
 */
class ClosedForGoodIT {

	@AutoClose
	private final WireClient client = WireClient.create();

	@Test
	void connectionIsThereAfterItsDrainingPeriodUntilItIsFreed() throws Exception {
		Closer closer = new Closer();
		ChannelPipelineConfigurer configurer = (observer, channel, address) -> channel.pipeline().addFirst(closer);
		try (PlainReactorNettyServer server = PlainReactorNettyServer.start(Duration.ofSeconds(10), configurer)) {
			WireConnection connection = get(this.client.connect(server.address()));
			connection.get("/never");
			assertThat(get(connection.closed())).isNotNull();
			QuicChannel channel = get(closer.closed);
			assertThat(get(later(channel, closer.drainingPeriod.multipliedBy(2)))).isTrue();
			channel.close();
			channel.closeFuture().get(5, TimeUnit.SECONDS);
		}
	}

	/**
	 * Tell whether a connection is open some time later, behind timers that are due
	 * before.
	 */
	private static CompletableFuture<Boolean> later(Channel channel, Duration time) {
		CompletableFuture<Boolean> open = new CompletableFuture<>();
		channel.eventLoop().schedule(() -> {
			QuicheAccess.discardReceived((QuicChannel) channel, 0);
			open.complete(channel.isOpen());
		}, time.toNanos(), TimeUnit.NANOSECONDS);
		return open;
	}

	/**
	 * Closes a connection with its first stream, while the codec is reading.
	 */
	private static final class Closer extends ChannelInboundHandlerAdapter {

		private final CompletableFuture<QuicChannel> closed = new CompletableFuture<>();

		private volatile Duration drainingPeriod = Duration.ZERO;

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object msg) {
			ctx.fireChannelRead(msg);
			QuicChannel channel = (QuicChannel) ctx.channel();
			if (!this.closed.isDone()) {
				PostponedTimer.applyTo(channel);
				this.drainingPeriod = PathTiming.closingPeriod(channel);
				QuicheAccess.closeForGood(channel);
				QuicheAccess.discardReceived(channel, 0);
				this.closed.complete(channel);
			}
		}

	}

}
