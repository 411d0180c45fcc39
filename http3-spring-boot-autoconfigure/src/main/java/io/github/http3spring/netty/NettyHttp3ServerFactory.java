package io.github.http3spring.netty;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;

import io.github.http3spring.netty.handler.BrokenOffRequestHandler;
import io.github.http3spring.netty.handler.EarlyDataHandler;
import io.github.http3spring.netty.handler.PresentAddressHandler;
import io.github.http3spring.netty.handler.ResponseCompression;
import io.github.http3spring.netty.settings.Http3ServerSettings;
import io.github.http3spring.netty.stack.FieldSectionSetting;
import io.github.http3spring.netty.tls.ReloadableQuicSslContext;
import io.github.http3spring.netty.tls.StatelessReset;
import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.Http3ServerCustomizer;
import io.github.http3spring.server.Http3ServerFactory;
import io.github.http3spring.server.QuicServerCodecCustomizer;
import io.netty.channel.ChannelOption;
import io.netty.incubator.codec.quic.QuicServerCodecBuilder;
import org.reactivestreams.Publisher;
import reactor.netty.http.Http3SettingsSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerConfig;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

import org.springframework.boot.web.embedded.netty.NettyRouteProvider;
import org.springframework.boot.web.embedded.netty.NettyServerCustomizer;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;

/**
 * Creates an {@link Http3Server} on Reactor Netty.
 */
public final class NettyHttp3ServerFactory implements Http3ServerFactory {

	private final Http3ServerSettings settings;

	private final ReloadableQuicSslContext sslContext;

	private final List<NettyServerCustomizer> nettyCustomizers;

	private final List<NettyRouteProvider> routeProviders;

	private final List<Http3ServerCustomizer> serverCustomizers;

	private final List<QuicServerCodecCustomizer> codecCustomizers;

	/**
	 * Create a factory.
	 * @param settings the settings of the server
	 * @param sslContext the TLS of the server
	 * @param nettyCustomizers the customizers that the TCP server has too, in their order
	 * @param routeProviders the routes that the TCP server has too, in their order
	 * @param serverCustomizers the customizers of the server, in their order
	 * @param codecCustomizers the customizers of the QUIC codec, in their order
	 */
	public NettyHttp3ServerFactory(Http3ServerSettings settings, ReloadableQuicSslContext sslContext,
			List<NettyServerCustomizer> nettyCustomizers, List<NettyRouteProvider> routeProviders,
			List<Http3ServerCustomizer> serverCustomizers, List<QuicServerCodecCustomizer> codecCustomizers) {
		this.settings = settings;
		this.sslContext = sslContext;
		this.nettyCustomizers = List.copyOf(nettyCustomizers);
		this.routeProviders = List.copyOf(routeProviders);
		this.serverCustomizers = List.copyOf(serverCustomizers);
		this.codecCustomizers = List.copyOf(codecCustomizers);
	}

	@Override
	public Http3Server getHttp3Server(HttpHandler httpHandler) {
		HttpServer server = HttpServer.create().forwarded(this.settings.forwardHeaders());
		if (this.settings.compression() != null && this.settings.compression().getEnabled()) {
			server = new ResponseCompression(this.settings.compression()).apply(server);
		}
		for (NettyServerCustomizer customizer : this.nettyCustomizers) {
			server = customizer.apply(server);
		}
		HttpServerConfig tcpServer = server.configuration();
		server = server.bindAddress(() -> address(tcpServer));
		for (Http3ServerCustomizer customizer : this.serverCustomizers) {
			server = customizer.customize(server);
		}
		server = withoutSocketOptions(server).protocol(HttpProtocol.HTTP3)
			.secure((spec) -> spec.sslContext(this.sslContext))
			.http3Settings(this::apply)
			.handle(new EarlyDataHandler(routes(httpHandler)));
		return new NettyHttp3Server(server, codecSettings(), this.settings);
	}

	private void apply(Http3SettingsSpec.Builder spec) {
		FieldSectionSetting.leaveToServer(spec);
		this.settings.quic().applyTo(spec);
	}

	private Consumer<QuicServerCodecBuilder> codecSettings() {
		return (builder) -> {
			this.codecCustomizers.forEach((customizer) -> customizer.customize(builder));
			builder.sslContext(this.sslContext);
			StatelessReset statelessReset = this.settings.statelessReset();
			if (statelessReset != null) {
				statelessReset.applyTo(builder, this.sslContext, this.settings.connectionIds());
			}
		};
	}

	/**
	 * Return the address to listen on: that which customizers have given the TCP server,
	 * unless there is one for this server, and the port which that server has got.
	 */
	private InetSocketAddress address(HttpServerConfig tcpServer) {
		int port = this.settings.port().getAsInt();
		if (this.settings.address() != null) {
			return new InetSocketAddress(this.settings.address(), port);
		}
		SocketAddress address = tcpServer.bindAddress().get();
		return (address instanceof InetSocketAddress inetAddress) ? UdpAddress.withPort(inetAddress, port)
				: new InetSocketAddress(port);
	}

	/**
	 * Return what handles requests, as Spring Boot's web server does it.
	 */
	private BiFunction<? super HttpServerRequest, ? super HttpServerResponse, ? extends Publisher<Void>> routes(
			HttpHandler httpHandler) {
		ReactorHttpHandlerAdapter adapter = new ReactorHttpHandlerAdapter(
				new BrokenOffRequestHandler(new PresentAddressHandler(httpHandler)));
		if (this.routeProviders.isEmpty()) {
			return adapter;
		}
		HttpServerRoutes routes = HttpServerRoutes.newRoutes();
		for (NettyRouteProvider provider : this.routeProviders) {
			routes = provider.apply(routes);
		}
		return routes.route((request) -> true, adapter);
	}

	/**
	 * Socket options of customizers are meant for TCP sockets. Reactor Netty's own
	 * SO_REUSEADDR would let two processes share a UDP port without a word.
	 */
	private static HttpServer withoutSocketOptions(HttpServer server) {
		HttpServer result = server;
		for (ChannelOption<?> option : server.configuration().options().keySet()) {
			result = result.option(option, null);
		}
		return result;
	}

}
