package io.github.http3spring.netty;

import java.util.function.Consumer;

import io.github.http3spring.netty.settings.Http3ServerSettings;
import io.github.http3spring.netty.settings.QuicSettings;
import io.github.http3spring.netty.stack.QuicCodecTakeover;
import io.github.http3spring.netty.stack.QuicheAccess;
import io.github.http3spring.netty.tls.StatelessReset;
import io.github.http3spring.netty.udp.AddressValidator;
import io.github.http3spring.netty.udp.ConnectionIds;
import io.github.http3spring.netty.udp.FirstPacketHandler;
import io.github.http3spring.netty.udp.Fragmentation;
import io.github.http3spring.netty.udp.ReceiveSampling;
import io.github.http3spring.netty.udp.SegmentationOffload;
import io.github.http3spring.netty.udp.StatelessResetHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.incubator.codec.quic.QuicServerCodecBuilder;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerConfig;

/**
 * Puts together what a datagram passes between the socket of a worker and its
 * connections.
 */
final class SocketPipeline {

	private final ConnectionRegistry connections;

	private final ServerWide serverWide;

	private final Http3ServerSettings settings;

	private final int worker;

	SocketPipeline(ConnectionRegistry connections, ServerWide serverWide, int worker) {
		this.connections = connections;
		this.serverWide = serverWide;
		this.settings = serverWide.settings();
		this.worker = worker;
	}

	/**
	 * Prepare a socket that is about to be bound. What is added first is the farthest
	 * from it.
	 * @param channel the socket
	 * @param config the configuration of the server
	 * @param codecSettings sets up the QUIC codec
	 */
	void applyTo(Channel channel, HttpServerConfig config, Consumer<QuicServerCodecBuilder> codecSettings) {
		ChannelPipeline pipeline = channel.pipeline();
		QuicSettings quic = this.settings.quic();
		SegmentationOffload offload = QuicCodecTakeover.isPossible()
				? SegmentationOffload.create(channel, quic.sendUdpPayload()) : null;
		if (offload != null) {
			pipeline.addFirst(offload);
		}
		AddressValidator validator = new AddressValidator(quic.addressValidation(), this.serverWide.retryTokens(),
				this.serverWide.pendingHandshakes()::get, System::nanoTime);
		pipeline.addFirst(
				new QuicCodecTakeover(config, (builder) -> setUp(builder, codecSettings, validator, offload, channel)));
		pipeline.addFirst(new ReceiveSampling(this.settings.connectionIds().length()));
		pipeline.addFirst(new FirstPacketHandler(this.connections, validator));
		StatelessReset statelessReset = this.settings.statelessReset();
		if (statelessReset != null) {
			pipeline.addFirst(new StatelessResetHandler(statelessReset, this.settings.connectionIds()));
		}
		pipeline.addFirst(this.connections.peerAddresses());
		pipeline.addFirst(this.connections.closingPeriods());
		pipeline.addFirst(this.connections.amplificationLimit());
		// Those that follow note something for as long as a packet is processed
		pipeline.addFirst(this.connections.turns());
	}

	private void setUp(QuicServerCodecBuilder builder, Consumer<QuicServerCodecBuilder> codecSettings,
			AddressValidator validator, @Nullable SegmentationOffload offload, Channel channel) {
		this.settings.quic().applyTo(builder, !Fragmentation.canBeForbidden(channel));
		builder.tokenHandler(validator);
		if (offload != null) {
			offload.applyTo(builder);
		}
		// So that customizers of the codec have the last word
		codecSettings.accept(builder);
		// But for the ids, which the handlers before the codec can read
		builder
			.connectionIdAddressGenerator(new ConnectionIds(this.settings.connectionIds(), this.worker,
					(id) -> QuicheAccess.find(channel.pipeline(), id)))
			.localConnectionIdLength(this.settings.connectionIds().length());
	}

}
