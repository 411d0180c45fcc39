package io.github.http3spring.netty.stack;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.incubator.codec.http3.Http3;
import io.netty.incubator.codec.quic.QuicServerCodecBuilder;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServerConfig;

/**
 * Puts our own QUIC codec where Reactor Netty would put the one that it can set only six
 * things of. The one place that depends on a private part of Reactor Netty: the field of
 * its HTTP/3 initializer that sets up each connection. {@link #isPossible()} tells
 * whether that is there; where it is not, Reactor Netty's codec stays.
 */
public final class QuicCodecTakeover extends ChannelInitializer<Channel> {

	private static final String INITIALIZER = "reactor.netty.http.server.Http3ChannelInitializer";

	private static final @Nullable Field CONNECTION_INITIALIZER = connectionInitializer();

	private static final Set<ChannelOption<?>> STREAM_OPTIONS = Set.of(ChannelOption.ALLOCATOR,
			ChannelOption.RCVBUF_ALLOCATOR, ChannelOption.MESSAGE_SIZE_ESTIMATOR, ChannelOption.WRITE_BUFFER_WATER_MARK,
			ChannelOption.WRITE_SPIN_COUNT);

	private final HttpServerConfig config;

	private final Consumer<QuicServerCodecBuilder> settings;

	public QuicCodecTakeover(HttpServerConfig config, Consumer<QuicServerCodecBuilder> settings) {
		this.config = config;
		this.settings = settings;
	}

	private static @Nullable Field connectionInitializer() {
		try {
			Field field = Class.forName(INITIALIZER, false, HttpServerConfig.class.getClassLoader())
				.getDeclaredField("quicChannelInitializer");
			field.setAccessible(true);
			return ChannelHandler.class.isAssignableFrom(field.getType()) ? field : null;
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			return null;
		}
	}

	public static boolean isPossible() {
		return CONNECTION_INITIALIZER != null;
	}

	@Override
	protected void initChannel(Channel channel) throws ReflectiveOperationException {
		ChannelPipeline pipeline = channel.pipeline();
		for (Map.Entry<String, ChannelHandler> entry : pipeline) {
			ChannelHandler handler = entry.getValue();
			if (CONNECTION_INITIALIZER != null && handler.getClass().getName().equals(INITIALIZER)) {
				ChannelHandler connectionInitializer = (ChannelHandler) CONNECTION_INITIALIZER.get(handler);
				pipeline.remove(handler);
				addCodec(pipeline, connectionInitializer);
				return;
			}
		}
	}

	private void addCodec(ChannelPipeline pipeline, ChannelHandler connectionInitializer) {
		QuicServerCodecBuilder builder = Http3.newQuicServerCodecBuilder();
		this.settings.accept(builder);
		builder.handler(connectionInitializer);
		this.config.attributes().forEach((key, value) -> builder.attr(attribute(key), value));
		this.config.childAttributes().forEach((key, value) -> builder.streamAttr(attribute(key), value));
		this.config.childOptions().forEach((key, value) -> streamOption(builder, key, value));
		if (this.config.loggingHandler() != null) {
			pipeline.addLast(NettyPipeline.LoggingHandler, this.config.loggingHandler());
			builder.streamHandler(this.config.loggingHandler());
		}
		pipeline.addLast(builder.build());
	}

	/**
	 * Options of TCP sockets, which customizers may have set, mean nothing to a stream.
	 * AUTO_READ, which Reactor Netty sets to false, is meant for request streams only,
	 * where our connection does it: client control streams would never be read.
	 */
	@SuppressWarnings("unchecked")
	private static void streamOption(QuicServerCodecBuilder builder, ChannelOption<?> option, Object value) {
		if (STREAM_OPTIONS.contains(option)) {
			builder.streamOption((ChannelOption<Object>) option, value);
		}
	}

	@SuppressWarnings("unchecked")
	private static AttributeKey<Object> attribute(AttributeKey<?> key) {
		return (AttributeKey<Object>) key;
	}

}
