package io.github.http3spring.server;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Describes a request that was still open when a shutdown lost its connection.
 *
 * @param method the method
 * @param path the path, without control characters and shortened to
 * {@value #MAX_PATH_LENGTH} characters
 * @param age the time since the request arrived
 * @param peer the address of the client
 * @param reason why the connection ended
 */
public record StuckRequest(String method, String path, Duration age, @Nullable SocketAddress peer, Reason reason) {

	/**
	 * Most characters of a path that are kept.
	 */
	public static final int MAX_PATH_LENGTH = 200;

	private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

	/**
	 * Describe a request.
	 * @param method the method
	 * @param path the path as the client sent it
	 * @param age the time since the request arrived
	 * @param peer the address of the client
	 * @param reason why the connection ended
	 */
	public StuckRequest {
		method = printable(method);
		path = printable(path);
	}

	/**
	 * Describe a request that was open.
	 * @param request the request
	 * @param peer the address of the client
	 * @param reason why the connection ended
	 * @return the description
	 */
	public static StuckRequest of(OpenRequestSnapshot request, @Nullable SocketAddress peer, Reason reason) {
		return new StuckRequest(request.method(), request.path(), request.age(), peer, reason);
	}

	/**
	 * Replace what could end a line of a log, or hide it: control characters (those of
	 * Latin-1 too), line and paragraph separators, and what turns the direction of text.
	 */
	static String printable(String text) {
		return UNPRINTABLE.matcher(text.substring(0, Math.min(MAX_PATH_LENGTH, text.length()))).replaceAll("?");
	}

	@Override
	public String toString() {
		return this.method + " " + this.path + " from " + this.peer + ", open for " + this.age.toMillis() + " ms";
	}

	/**
	 * Ways to lose a connection.
	 */
	public enum Reason {

		/**
		 * The grace period was over.
		 */
		DEADLINE("cut off at the deadline"),

		/**
		 * The client closed the connection or broke the protocol.
		 */
		CLOSED_BY_PEER("lost, the client has ended the connection"),

		/**
		 * The idle timeout of the connection was over.
		 */
		TIMED_OUT("lost, the connection has timed out"),

		/**
		 * The client did not answer any more.
		 */
		VANISHED("lost, the client has vanished");

		private final String description;

		Reason(String description) {
			this.description = description;
		}

		@Override
		public String toString() {
			return this.description;
		}

	}

}
