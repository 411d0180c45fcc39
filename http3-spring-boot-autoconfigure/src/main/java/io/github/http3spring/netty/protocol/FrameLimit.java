package io.github.http3spring.netty.protocol;

/**
 * Decides how many frames that bring nothing a client may send on a connection. Confined
 * to its event loop.
 */
@FunctionalInterface
public interface FrameLimit {

	/**
	 * Count a frame that brings nothing.
	 * @return whether there are not more of them than the client may send
	 */
	boolean admitsEmptyFrame();

}
