package io.github.http3spring.netty.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Follows the payload of one frame, in the pieces in which it arrives.
 */
interface FramePayload {

	/**
	 * Follow a piece.
	 * @param buffer what has arrived
	 * @param start the index of the first byte of the piece
	 * @param end the index after its last byte
	 * @return what is wrong, {@code null} if nothing is
	 */
	@Nullable Http3ErrorCode follow(ByteBuf buffer, int start, int end);

	/**
	 * Judge the whole, which has arrived.
	 * @return what is wrong, {@code null} if nothing is
	 */
	@Nullable Http3ErrorCode end();

}
