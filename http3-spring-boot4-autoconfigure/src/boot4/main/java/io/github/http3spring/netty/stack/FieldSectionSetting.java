package io.github.http3spring.netty.stack;

import io.netty.handler.codec.http3.Http3SettingsFrame;
import reactor.netty.http.Http3SettingsSpec;

/**
 * What the stack has for the limit of field sections (RFC 9114 section 4.2.2).
 */
public final class FieldSectionSetting {

	/**
	 * What the codec keeps unless it is told otherwise.
	 */
	private static final long UNLIMITED = 0xffff_ffffL;

	private FieldSectionSetting() {
	}

	/**
	 * Leave it to the server to keep the limit. Reactor Netty has its codec keep 8 KB,
	 * which closes a whole connection over a single large request.
	 * @param settings what Reactor Netty sets up its codec with
	 */
	public static void leaveToServer(Http3SettingsSpec.Builder settings) {
		settings.maxFieldSectionSize(UNLIMITED);
	}

	static void announce(Http3SettingsFrame settings, long maxFieldSectionSize) {
		settings.settings().maxFieldSectionSize(maxFieldSectionSize);
	}

}
