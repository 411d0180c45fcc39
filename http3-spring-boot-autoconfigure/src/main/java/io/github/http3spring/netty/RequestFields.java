package io.github.http3spring.netty;

import java.util.List;
import java.util.Map;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.incubator.codec.http3.Http3Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Measures the field sections of requests and finds what is malformed about them (RFC
 * 9114 sections 4.2 and 4.3.1), as far as the codec does not.
 */
final class RequestFields {

	/**
	 * What each field counts beyond its name and its value.
	 */
	private static final int OVERHEAD = 32;

	private static final int CRUMB_SEPARATOR = "; ".length();

	/**
	 * Fields that mean something for a connection of HTTP/1.1 only. The codec knows of
	 * {@code connection} and {@code te} itself.
	 */
	private static final List<AsciiString> CONNECTION_SPECIFIC = List.of(AsciiString.cached("keep-alive"),
			AsciiString.cached("proxy-connection"), HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderNames.UPGRADE);

	private static final int MAX_PORT_DIGITS = 5;

	private RequestFields() {
	}

	/**
	 * Return the size as RFC 9114 section 4.2.2 counts it, but for the crumbs of a cookie
	 * (section 4.2.1): they count as the one field that they become, so that a browser is
	 * not refused here what it may send over TCP.
	 */
	static long size(Http3Headers fields) {
		long size = 0;
		boolean crumb = false;
		for (Map.Entry<CharSequence, CharSequence> field : fields) {
			CharSequence name = field.getKey();
			boolean cookie = HttpHeaderNames.COOKIE.contentEquals(name);
			size += field.getValue().length() + ((cookie && crumb) ? CRUMB_SEPARATOR : name.length() + OVERHEAD);
			crumb |= cookie;
		}
		return size;
	}

	/**
	 * Return what is malformed.
	 * @return a description, {@code null} if nothing was found
	 */
	static @Nullable String findError(Http3Headers fields) {
		for (AsciiString name : CONNECTION_SPECIFIC) {
			if (fields.contains(name)) {
				return "connection-specific field " + name;
			}
		}
		if (!isValidPath(fields.path())) {
			return "invalid :path";
		}
		CharSequence authority = fields.authority();
		CharSequence host = fields.get(HttpHeaderNames.HOST);
		if (!isValidAuthority(authority) || !isValidAuthority(host)) {
			return "invalid :authority or host";
		}
		if (authority != null && host != null && !AsciiString.contentEqualsIgnoreCase(authority, host)) {
			return ":authority and host differ";
		}
		return null;
	}

	/**
	 * Return whether a path is one; an asterisk stands for the server as a whole.
	 */
	private static boolean isValidPath(@Nullable CharSequence path) {
		return path == null || (!path.isEmpty() && path.charAt(0) == '/') || "*".contentEquals(path);
	}

	/**
	 * Return whether an authority is neither empty nor has user information or a port
	 * that is no number. For such a port Reactor Netty would log a WARN.
	 */
	private static boolean isValidAuthority(@Nullable CharSequence authority) {
		if (authority == null) {
			return true;
		}
		if (authority.isEmpty() || AsciiString.indexOf(authority, '@', 0) >= 0) {
			return false;
		}
		// The colons of an IPv6 address are in brackets
		int colon = AsciiString.indexOf(authority, ':', Math.max(0, AsciiString.indexOf(authority, ']', 0)));
		return colon < 0 || isPort(authority, colon + 1);
	}

	private static boolean isPort(CharSequence authority, int start) {
		int digits = authority.length() - start;
		if (digits == 0 || digits > MAX_PORT_DIGITS) {
			return false;
		}
		for (int index = start; index < authority.length(); index++) {
			if (authority.charAt(index) < '0' || authority.charAt(index) > '9') {
				return false;
			}
		}
		return true;
	}

}
