package io.github.http3spring.netty.stack;

import io.netty.incubator.codec.http3.Http3SettingsFrame;
import reactor.netty.http.Http3SettingsSpec;

/**
 * What the stack has for the limit of field sections (RFC 9114 section 4.2.2).
 */
public final class FieldSectionSetting {

	private FieldSectionSetting() {
	}

	/**
	 * Leave it to the server to keep the limit. Reactor Netty does it here.
	 * @param settings what Reactor Netty sets up its codec with
	 */
	public static void leaveToServer(Http3SettingsSpec.Builder settings) {
	}

	static void announce(Http3SettingsFrame settings, long maxFieldSectionSize) {
		settings.put(Http3SettingsFrame.HTTP3_SETTINGS_MAX_FIELD_SECTION_SIZE, maxFieldSectionSize);
	}

}
