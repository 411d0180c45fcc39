package io.github.http3spring.server;

import io.netty.incubator.codec.quic.QuicServerCodecBuilder;

/**
 * Customizes the QUIC codec of the {@link Http3Server}, for what has no property. Beans
 * of this type are applied in their order, after the properties, to the codec of each
 * worker. Connection ids, TLS and the handler of connections are set afterwards and
 * cannot be changed here.
 */
@FunctionalInterface
public interface QuicServerCodecCustomizer {

	/**
	 * Customize the codec.
	 * @param builder the builder to customize
	 */
	void customize(QuicServerCodecBuilder builder);

}
