package io.github.http3spring.netty;

import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicStreamAddress;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.incubator.codec.quic.QuicStreamChannelConfig;
import io.netty.incubator.codec.quic.QuicStreamPriority;
import io.netty.incubator.codec.quic.QuicStreamType;

/**
 * Stream of a connection that is a mock: what handlers do with it can be read, and there
 * is no network.
 */
public final class EmbeddedQuicStream extends EmbeddedChannel implements QuicStreamChannel {

	private final QuicChannel connection;

	private final long streamId;

	private final List<Integer> resets = new ArrayList<>();

	private final List<Integer> stops = new ArrayList<>();

	private Config config;

	private boolean inputShutdown;

	private boolean outputShutdown;

	/**
	 * Open a stream.
	 * @param connection its connection
	 * @param streamId its identifier
	 * @param handlers its handlers
	 */
	public EmbeddedQuicStream(QuicChannel connection, long streamId, ChannelHandler... handlers) {
		super(connection, DefaultChannelId.newInstance(), true, false, handlers);
		this.connection = connection;
		this.streamId = streamId;
	}

	/**
	 * Return the error codes of RESET_STREAM frames, in their order.
	 */
	public List<Integer> resets() {
		return this.resets;
	}

	/**
	 * Return the error codes of STOP_SENDING frames, in their order.
	 */
	public List<Integer> stops() {
		return this.stops;
	}

	/**
	 * Note that the FIN of the peer has arrived.
	 */
	public void endInput() {
		this.inputShutdown = true;
	}

	@Override
	public ChannelFuture shutdown(int error, ChannelPromise promise) {
		this.resets.add(error);
		return promise.setSuccess();
	}

	@Override
	public ChannelFuture shutdown(ChannelPromise promise) {
		return promise.setSuccess();
	}

	@Override
	public ChannelFuture shutdownInput(int error, ChannelPromise promise) {
		this.stops.add(error);
		this.inputShutdown = true;
		return promise.setSuccess();
	}

	@Override
	public ChannelFuture shutdownOutput(int error, ChannelPromise promise) {
		this.resets.add(error);
		return shutdownOutput(promise);
	}

	@Override
	public ChannelFuture shutdownOutput(ChannelPromise promise) {
		this.outputShutdown = true;
		return promise.setSuccess();
	}

	@Override
	public boolean isInputShutdown() {
		return this.inputShutdown;
	}

	@Override
	public boolean isOutputShutdown() {
		return this.outputShutdown;
	}

	@Override
	public boolean isShutdown() {
		return this.inputShutdown && this.outputShutdown;
	}

	@Override
	public QuicStreamAddress localAddress() {
		return new QuicStreamAddress(this.streamId);
	}

	@Override
	public QuicStreamAddress remoteAddress() {
		return new QuicStreamAddress(this.streamId);
	}

	@Override
	public boolean isLocalCreated() {
		return false;
	}

	@Override
	public QuicStreamType type() {
		return ((this.streamId & 2) == 0) ? QuicStreamType.BIDIRECTIONAL : QuicStreamType.UNIDIRECTIONAL;
	}

	@Override
	public long streamId() {
		return this.streamId;
	}

	@Override
	public QuicStreamPriority priority() {
		return null;
	}

	@Override
	public ChannelFuture updatePriority(QuicStreamPriority priority, ChannelPromise promise) {
		return promise.setSuccess();
	}

	@Override
	public QuicChannel parent() {
		return this.connection;
	}

	@Override
	public QuicStreamChannel read() {
		super.read();
		return this;
	}

	@Override
	public QuicStreamChannel flush() {
		super.flush();
		return this;
	}

	@Override
	public QuicStreamChannelConfig config() {
		if (this.config == null) {
			// Asked for by the constructor of the superclass
			this.config = new Config(this);
		}
		return this.config;
	}

	/**
	 * Configuration without effect, but for what all channels have.
	 */
	private static final class Config extends DefaultChannelConfig implements QuicStreamChannelConfig {

		private boolean readFrames;

		Config(Channel channel) {
			super(channel);
		}

		@Override
		public QuicStreamChannelConfig setReadFrames(boolean readFrames) {
			this.readFrames = readFrames;
			return this;
		}

		@Override
		public boolean isReadFrames() {
			return this.readFrames;
		}

		@Override
		public boolean isAllowHalfClosure() {
			return true;
		}

		@Override
		public QuicStreamChannelConfig setAllowHalfClosure(boolean allowHalfClosure) {
			return this;
		}

		@Override
		@Deprecated
		public QuicStreamChannelConfig setMaxMessagesPerRead(int maxMessagesPerRead) {
			super.setMaxMessagesPerRead(maxMessagesPerRead);
			return this;
		}

		@Override
		public QuicStreamChannelConfig setWriteSpinCount(int writeSpinCount) {
			super.setWriteSpinCount(writeSpinCount);
			return this;
		}

		@Override
		public QuicStreamChannelConfig setAllocator(ByteBufAllocator allocator) {
			super.setAllocator(allocator);
			return this;
		}

		@Override
		public QuicStreamChannelConfig setRecvByteBufAllocator(RecvByteBufAllocator allocator) {
			super.setRecvByteBufAllocator(allocator);
			return this;
		}

		@Override
		public QuicStreamChannelConfig setAutoRead(boolean autoRead) {
			super.setAutoRead(autoRead);
			return this;
		}

		@Override
		public QuicStreamChannelConfig setAutoClose(boolean autoClose) {
			super.setAutoClose(autoClose);
			return this;
		}

		@Override
		public QuicStreamChannelConfig setMessageSizeEstimator(MessageSizeEstimator estimator) {
			super.setMessageSizeEstimator(estimator);
			return this;
		}

		@Override
		public QuicStreamChannelConfig setWriteBufferWaterMark(WriteBufferWaterMark waterMark) {
			super.setWriteBufferWaterMark(waterMark);
			return this;
		}

		@Override
		public QuicStreamChannelConfig setConnectTimeoutMillis(int connectTimeoutMillis) {
			super.setConnectTimeoutMillis(connectTimeoutMillis);
			return this;
		}

		@Override
		public QuicStreamChannelConfig setWriteBufferHighWaterMark(int highWaterMark) {
			super.setWriteBufferHighWaterMark(highWaterMark);
			return this;
		}

		@Override
		public QuicStreamChannelConfig setWriteBufferLowWaterMark(int lowWaterMark) {
			super.setWriteBufferLowWaterMark(lowWaterMark);
			return this;
		}

	}

}
