package io.github.http3spring.netty.protocol;

import java.util.Map;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.incubator.codec.http3.Http3Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Measures the field sections of requests and finds what is malformed about them (RFC
 * 9114 sections 4.2 and 4.3), as far as the codec does not. Strict where another reading
 * is possible: what an application passes on to a server of HTTP/1.1 must not say
 * something else there (section 10.3).
 */
public final class RequestFields {

	/**
	 * What each field counts beyond its name and its value.
	 */
	private static final int OVERHEAD = 32;

	private static final AsciiString PROTOCOL = AsciiString.cached(":protocol");

	private static final int CRUMB_SEPARATOR = "; ".length();

	private RequestFields() {
	}

	/**
	 * Return the size as RFC 9114 section 4.2.2 counts it, but for the crumbs of a cookie
	 * (section 4.2.1): they count as the one field that they become, so that a browser is
	 * not refused here what it may send over TCP.
	 */
	public static long size(Http3Headers fields) {
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
	 * @param fields a header section, or a trailer section if it has no method
	 * @return a description, {@code null} if nothing was found
	 */
	public static @Nullable String findError(Http3Headers fields) {
		int hosts = 0;
		for (Map.Entry<CharSequence, CharSequence> field : fields) {
			if (!isAllowed(field.getKey(), field.getValue())) {
				return "invalid " + field.getKey();
			}
			hosts += HttpHeaderNames.HOST.contentEquals(field.getKey()) ? 1 : 0;
		}
		if (hosts > 1) {
			return "more than one host";
		}
		if (fields.status() != null) {
			return ":status of a request";
		}
		if (fields.contains(PROTOCOL)) {
			// Nobody was told that extended CONNECT is served (RFC 9220 section 3)
			return ":protocol without ENABLE_CONNECT_PROTOCOL";
		}
		CharSequence method = fields.method();
		if (method == null) {
			return (hosts > 0 || fields.contains(HttpHeaderNames.CONTENT_LENGTH)) ? "host or content-length in trailers"
					: null;
		}
		if (method.isEmpty() || HttpHeaderValidationUtil.validateToken(method) >= 0) {
			return "invalid :method";
		}
		String error = findTargetError(fields, method);
		return (error != null) ? error : findAuthorityError(fields, method);
	}

	/**
	 * Return whether a field is none of those that mean something for a connection of
	 * HTTP/1.1 only (RFC 9114 section 4.2), and does not end with whitespace. Whitespace
	 * at the beginning is found by Netty, as are all characters that do not belong into
	 * names and values.
	 */
	private static boolean isAllowed(CharSequence name, CharSequence value) {
		if (HttpHeaderValidationUtil.isConnectionHeader(name, true)) {
			return false;
		}
		if (HttpHeaderNames.TE.contentEquals(name) && !HttpHeaderValues.TRAILERS.contentEquals(value)) {
			return false;
		}
		char last = value.isEmpty() ? 'x' : value.charAt(value.length() - 1);
		return last != ' ' && last != '\t';
	}

	/**
	 * The codec has checked that a field is there, but takes the name of a method for the
	 * same in lower case.
	 */
	private static @Nullable String findTargetError(Http3Headers fields, CharSequence method) {
		CharSequence path = fields.path();
		CharSequence scheme = fields.scheme();
		if (HttpMethod.CONNECT.asciiName().contentEquals(method)) {
			return null;
		}
		if (scheme == null || !isScheme(scheme)) {
			return "invalid :scheme";
		}
		if (path == null || !isPath(path, method)) {
			return "invalid :path";
		}
		return null;
	}

	private static @Nullable String findAuthorityError(Http3Headers fields, CharSequence method) {
		CharSequence authority = fields.authority();
		CharSequence host = fields.get(HttpHeaderNames.HOST);
		if (host == null) {
			host = authority;
		}
		if (host == null) {
			return "neither :authority nor host";
		}
		if (!Authority.isValid(host)) {
			return "invalid :authority or host";
		}
		if (authority != null && !AsciiString.contentEqualsIgnoreCase(authority, host)) {
			return ":authority and host differ";
		}
		boolean withoutPort = HttpMethod.CONNECT.asciiName().contentEquals(method) && !Authority.hasPort(host);
		return withoutPort ? "CONNECT without a port" : null;
	}

	/**
	 * Remove a host that says what {@code :authority} says: the application would see two
	 * of them.
	 */
	public static void removeRepeatedHost(Http3Headers fields) {
		if (fields.authority() != null) {
			fields.remove(HttpHeaderNames.HOST);
		}
	}

	private static boolean isScheme(CharSequence scheme) {
		for (int index = 0; index < scheme.length(); index++) {
			char character = scheme.charAt(index);
			boolean letter = (character | 0x20) >= 'a' && (character | 0x20) <= 'z';
			boolean other = (character >= '0' && character <= '9') || "+-.".indexOf(character) >= 0;
			if (!letter && (index == 0 || !other)) {
				return false;
			}
		}
		return !scheme.isEmpty();
	}

	/**
	 * Return whether a path is one, with a query or without, but no fragment; an asterisk
	 * stands for the server as a whole.
	 */
	private static boolean isPath(CharSequence path, CharSequence method) {
		if ("*".contentEquals(path)) {
			return HttpMethod.OPTIONS.asciiName().contentEquals(method);
		}
		for (int index = 0; index < path.length(); index++) {
			char character = path.charAt(index);
			if (character <= ' ' || character == 0x7f || character == '#') {
				return false;
			}
		}
		return !path.isEmpty() && path.charAt(0) == '/';
	}

}
