package io.github.http3spring.netty;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.http3spring.netty.udp.SegmentationOffload;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireResponse;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.SegmentedDatagramPacket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Downloads over sockets with {@link SegmentationOffload}.
 */
@Isolated("captures the output")
@ExtendWith(OutputCaptureExtension.class)
class SegmentationOffloadIT {

	private static final int SIZE = 4_000_000;

	private static final int ERROR_IO = -5;

	private final AtomicInteger segments = new AtomicInteger();

	private final AtomicInteger failed = new AtomicInteger();

	@Test
	void downloadIsSentInSegments() throws Exception {
		try (TestServer server = start(false); WireClient client = WireClient.create()) {
			download(server, client);
			// How many packets are due at a time depends on how fast the client is
			assertThat(this.segments.get()).isGreaterThan(SIZE / 10);
			assertThat(server.server().getRuntime().gso()).isTrue();
		}
	}

	@Test
	void downloadIsWholeWhenTheNetworkCannotSegment(CapturedOutput output) throws Exception {
		try (TestServer server = start(true); WireClient client = WireClient.create()) {
			download(server, client);
			assertThat(this.failed).hasPositiveValue();
			assertThat(server.server().getRuntime().gso()).isFalse();
			assertThat(output.getOut().lines().filter((line) -> line.contains("goes on without GSO"))).hasSize(1);
		}
	}

	private void download(TestServer server, WireClient client) throws Exception {
		assumeThat(server.server().getRuntime().gso()).isTrue();
		WireConnection connection = client.connect(server.address()).get(10, TimeUnit.SECONDS);
		WireResponse response = connection.get("/bytes/" + SIZE).response().get(30, TimeUnit.SECONDS);
		assertThat(response.bodyLength()).isEqualTo(SIZE);
		assertThat(response.patternMatches()).isTrue();
		server.shutDown();
		assertThat(connection.closed().get(10, TimeUnit.SECONDS)).isEqualTo(new CloseFrame(true, 0x100, ""));
	}

	private TestServer start(boolean failing) {
		return TestServer
			.start((options) -> options.bound((channel) -> channel.pipeline().addFirst(new Network(failing))));
	}

	/**
	 * Counts what is sent in segments, or fails it like a network card that cannot do it.
	 */
	private final class Network extends ChannelOutboundHandlerAdapter {

		private final boolean failing;

		Network(boolean failing) {
			this.failing = failing;
		}

		@Override
		public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
			if (msg instanceof SegmentedDatagramPacket packet) {
				if (this.failing) {
					packet.release();
					SegmentationOffloadIT.this.failed.incrementAndGet();
					promise.setFailure(new NativeIoException("sendmmsg", ERROR_IO));
					return;
				}
				SegmentationOffloadIT.this.segments.addAndGet(packet.content().readableBytes());
			}
			ctx.write(msg, promise);
		}

	}

}
