package io.github.http3spring.netty.protocol;

/**
 * Tells whether text is the authority of an http or https URI without user information
 * (RFC 9110 sections 4.2 and 4.2.4): a host, and optionally a port. Another server that
 * reads it in another way, such as the backend of a gateway, must not find another host
 * in it.
 */
final class Authority {

	private static final int MAX_PORT = 65535;

	private static final int MAX_PORT_DIGITS = 5;

	/**
	 * What a registered name may have beside letters and digits (RFC 3986 section 3.2.2).
	 */
	private static final String NAME = "-._~%!$&'()*+,;=";

	private static final String IP_LITERAL = NAME + ':';

	private Authority() {
	}

	static boolean isValid(CharSequence authority) {
		int end = endOfHost(authority);
		return end > 0 && (end == authority.length() || isPort(authority, end));
	}

	/**
	 * Return whether there is a port, which CONNECT needs (RFC 9114 section 4.4).
	 * @param authority a valid one
	 */
	static boolean hasPort(CharSequence authority) {
		return endOfHost(authority) < authority.length();
	}

	/**
	 * Return where the host ends, zero if there is none.
	 */
	private static int endOfHost(CharSequence authority) {
		int length = authority.length();
		if (length == 0 || authority.charAt(0) != '[') {
			return skip(authority, 0, NAME);
		}
		int end = skip(authority, 1, IP_LITERAL);
		return (end > 1 && end < length && authority.charAt(end) == ']') ? end + 1 : 0;
	}

	private static int skip(CharSequence text, int start, String others) {
		for (int index = start; index < text.length(); index++) {
			char character = text.charAt(index);
			boolean letter = (character | 0x20) >= 'a' && (character | 0x20) <= 'z';
			if (!letter && (character < '0' || character > '9') && others.indexOf(character) < 0) {
				return index;
			}
		}
		return text.length();
	}

	/**
	 * Return whether what is left is a colon and a number. For any other port Reactor
	 * Netty would log a WARN.
	 */
	private static boolean isPort(CharSequence authority, int colon) {
		int digits = authority.length() - colon - 1;
		if (authority.charAt(colon) != ':' || digits == 0 || digits > MAX_PORT_DIGITS) {
			return false;
		}
		int port = 0;
		for (int index = colon + 1; index < authority.length(); index++) {
			int digit = authority.charAt(index) - '0';
			if (digit < 0 || digit > 9) {
				return false;
			}
			port = port * 10 + digit;
		}
		return port <= MAX_PORT;
	}

}
