package io.github.http3spring.netty.protocol;

import io.netty.incubator.codec.http3.Http3ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Decides about the frames of a control stream (RFC 9114 sections 6.2.1 and 7.2).
 */
final class ControlFrames implements FrameHeaders.Check {

	/**
	 * Bytes in a frame. Those that mean something have a few dozen.
	 */
	private static final int MAX_FRAME = 16 * 1024;

	private final FrameLimit frameLimit;

	private final PriorityUpdates priorityUpdates;

	private boolean settingsReceived;

	ControlFrames(FrameLimit frameLimit, PriorityUpdates priorityUpdates) {
		this.frameLimit = frameLimit;
		this.priorityUpdates = priorityUpdates;
	}

	@Override
	public @Nullable Http3ErrorCode apply(long type, long length) {
		if (!this.settingsReceived && type != FrameHeaders.SETTINGS) {
			return Http3ErrorCode.H3_MISSING_SETTINGS;
		}
		if (this.settingsReceived && !this.frameLimit.admitsEmptyFrame()) {
			return Http3ErrorCode.H3_EXCESSIVE_LOAD;
		}
		this.settingsReceived = true;
		boolean large = FrameHeaders.isExcessive(type, length) || (FrameHeaders.isKnown(type) && length > MAX_FRAME);
		return large ? Http3ErrorCode.H3_EXCESSIVE_LOAD : null;
	}

	@Override
	public @Nullable FramePayload payload(long type) {
		if (type == FrameHeaders.SETTINGS) {
			return new SettingsPayload();
		}
		if (type == FrameHeaders.CANCEL_PUSH || type == FrameHeaders.GOAWAY || type == FrameHeaders.MAX_PUSH_ID) {
			return new IdentifierPayload(type);
		}
		return FrameHeaders.isPriorityUpdate(type)
				? new PriorityUpdatePayload(this.priorityUpdates, type == FrameHeaders.PRIORITY_UPDATE_PUSH) : null;
	}

}
