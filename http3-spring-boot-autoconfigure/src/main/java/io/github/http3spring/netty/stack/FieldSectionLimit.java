package io.github.http3spring.netty.stack;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;

import io.netty.channel.ChannelHandler;
import io.netty.incubator.codec.http3.Http3ConnectionHandler;
import io.netty.incubator.codec.http3.Http3SettingsFrame;
import org.jspecify.annotations.Nullable;

/**
 * Announces how large the field sections of requests may be (RFC 9114 section 4.2.2).
 * Reactor Netty gives its HTTP/3 codec no settings; and with this one from the start, the
 * codec would close a whole connection over a single large request, so that it is added
 * to those that are about to be sent. These are private: another version of the codec may
 * announce nothing, and larger requests are refused all the same.
 */
public final class FieldSectionLimit {

	private static final String CONTROL_STREAM = "io.netty.incubator.codec.http3.Http3ControlStreamOutboundHandler";

	private static final @Nullable MethodHandle SETTINGS = settings();

	private FieldSectionLimit() {
	}

	private static @Nullable MethodHandle settings() {
		try {
			Class<?> controlStream = Class.forName(CONTROL_STREAM, false,
					Http3ConnectionHandler.class.getClassLoader());
			Lookup lookup = MethodHandles.privateLookupIn(Http3ConnectionHandler.class, MethodHandles.lookup());
			MethodHandle handler = lookup.findGetter(Http3ConnectionHandler.class, "remoteControlStreamHandler",
					controlStream);
			MethodHandle settings = MethodHandles.privateLookupIn(controlStream, lookup)
				.findGetter(controlStream, "localSettings", Http3SettingsFrame.class);
			return MethodHandles.filterReturnValue(handler, settings)
				.asType(MethodType.methodType(Http3SettingsFrame.class, ChannelHandler.class));
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			return null;
		}
	}

	/**
	 * Announce a limit to the client of a connection.
	 * @param codec the HTTP/3 codec of the connection, which is not active yet
	 * @param maxFieldSectionSize the limit in bytes
	 */
	public static void announce(ChannelHandler codec, long maxFieldSectionSize) {
		if (SETTINGS == null || !(codec instanceof Http3ConnectionHandler)) {
			return;
		}
		try {
			Http3SettingsFrame settings = (Http3SettingsFrame) SETTINGS.invokeExact(codec);
			FieldSectionSetting.announce(settings, maxFieldSectionSize);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

}
