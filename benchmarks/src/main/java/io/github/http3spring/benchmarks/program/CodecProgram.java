package io.github.http3spring.benchmarks.program;

import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.incubator.codec.http3.Http3;
import io.netty.incubator.codec.http3.Http3ServerConnectionHandler;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicSslContext;
import io.netty.incubator.codec.quic.QuicSslContextBuilder;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import reactor.netty.resources.LoopResources;

/**
 * Netty's HTTP/3 codec and nothing else: the floor for whatever is built on it.
 */
public final class CodecProgram {

	private CodecProgram() {
	}

	/**
	 * Serve until the process is ended.
	 * @param args the port and the key store
	 * @throws Exception if it cannot
	 */
	public static void main(String[] args) throws Exception {
		QuicSslContext sslContext = QuicSslContextBuilder.forServer(Keys.load(args[1]), Keys.PASSWORD)
			.applicationProtocols(Http3.supportedApplicationProtocols())
			.build();
		ChannelHandler codec = Http3.newQuicServerCodecBuilder()
			.sslContext(sslContext)
			.maxIdleTimeout(Windows.IDLE_SECONDS, TimeUnit.SECONDS)
			.initialMaxData(Windows.CONNECTION)
			.initialMaxStreamDataBidirectionalLocal(Windows.STREAM)
			.initialMaxStreamDataBidirectionalRemote(Windows.STREAM)
			.initialMaxStreamDataUnidirectional(Windows.UNIDIRECTIONAL_STREAM)
			.initialMaxStreamsBidirectional(Windows.STREAMS)
			.initialMaxStreamsUnidirectional(Windows.UNIDIRECTIONAL_STREAMS)
			.handler(new ConnectionInitializer())
			.build();
		LoopResources loops = LoopResources.create("codec", 1, false);
		EventLoopGroup group = loops.onServer(true);
		new Bootstrap().group(group)
			.channelFactory(() -> loops.onChannel(DatagramChannel.class, group))
			.handler(codec)
			.bind("127.0.0.1", Integer.parseInt(args[0]))
			.sync();
	}

	private static final class ConnectionInitializer extends ChannelInitializer<QuicChannel> {

		@Override
		protected void initChannel(QuicChannel channel) {
			channel.pipeline().addLast(new Http3ServerConnectionHandler(new RequestInitializer()));
		}

	}

	private static final class RequestInitializer extends ChannelInitializer<QuicStreamChannel> {

		@Override
		protected void initChannel(QuicStreamChannel channel) {
			channel.pipeline().addLast(new CodecHandler());
		}

	}

}
