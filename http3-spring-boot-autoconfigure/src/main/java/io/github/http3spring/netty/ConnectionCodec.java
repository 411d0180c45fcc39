package io.github.http3spring.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.incubator.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.incubator.codec.http3.Http3ServerConnectionHandler;
import io.netty.incubator.codec.http3.Http3SettingsFrame;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.incubator.codec.quic.QuicStreamType;
import reactor.netty.NettyPipeline;

/**
 * Takes the place of Reactor Netty's HTTP/3 codec of a connection, to announce how large
 * the field sections of requests may be (RFC 9114 section 4.2.2). That codec, which
 * announces nothing, goes on to set up request streams: one with a limit would close the
 * whole connection over a single large request.
 */
final class ConnectionCodec extends ChannelInboundHandlerAdapter {

	private final ChannelInboundHandler requestStreams;

	private final ChannelInboundHandler otherStreams;

	private ConnectionCodec(ChannelInboundHandler requestStreams, long maxFieldSectionSize) {
		this.requestStreams = requestStreams;
		Http3SettingsFrame settings = new DefaultHttp3SettingsFrame();
		settings.put(Http3SettingsFrame.HTTP3_SETTINGS_MAX_FIELD_SECTION_SIZE, maxFieldSectionSize);
		// Is never given a request stream
		this.otherStreams = new Http3ServerConnectionHandler(requestStreams, null, null, settings, true);
	}

	/**
	 * Put the codec where Reactor Netty has put its own.
	 */
	static void install(ChannelPipeline pipeline, long maxFieldSectionSize) {
		ChannelInboundHandler codec = (ChannelInboundHandler) pipeline.get(NettyPipeline.HttpCodec);
		pipeline.replace(codec, NettyPipeline.HttpCodec, new ConnectionCodec(codec, maxFieldSectionSize));
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
		this.otherStreams.handlerAdded(ctx);
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) throws Exception {
		this.otherStreams.channelActive(ctx);
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
		boolean request = msg instanceof QuicStreamChannel stream && stream.type() == QuicStreamType.BIDIRECTIONAL;
		(request ? this.requestStreams : this.otherStreams).channelRead(ctx, msg);
	}

}
