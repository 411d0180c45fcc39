package io.github.http3spring.netty.protocol;

import java.util.Iterator;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.util.AsciiString;

/**
 * Makes the header section of a response agree with the content that may follow it (RFC
 * 9110 sections 6.4.1 and 8.6), as Netty's encoder for HTTP/1.1 does and the codec does
 * not, and tells how much content that is.
 */
final class ResponseFields {

	/**
	 * Content may follow, and the header section does not say how much.
	 */
	static final long UNKNOWN = -1;

	/**
	 * No content may follow, even if the handler writes some.
	 */
	static final long NONE = -2;

	/**
	 * Another header section has to follow before any content.
	 */
	static final long INTERIM = -3;

	private ResponseFields() {
	}

	/**
	 * Correct a header section.
	 * @param method the method of the request
	 * @param response the response
	 * @return how many bytes of content have to follow, or one of the constants
	 */
	static long prepare(CharSequence method, HttpResponse response) {
		HttpHeaders fields = response.headers();
		int status = response.status().code();
		if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
			fields.remove(HttpHeaderNames.CONTENT_LENGTH);
			return INTERIM;
		}
		if (status == HttpResponseStatus.NO_CONTENT.code() || status == HttpResponseStatus.NOT_MODIFIED.code()) {
			fields.remove(HttpHeaderNames.CONTENT_LENGTH);
			return NONE;
		}
		if (status == HttpResponseStatus.RESET_CONTENT.code()) {
			fields.setInt(HttpHeaderNames.CONTENT_LENGTH, 0);
			return NONE;
		}
		if (isSuccess(response) && HttpMethod.CONNECT.asciiName().contentEquals(method)) {
			fields.remove(HttpHeaderNames.CONTENT_LENGTH);
			return UNKNOWN;
		}
		long length = contentLength(fields);
		return HttpMethod.HEAD.asciiName().contentEquals(method) ? NONE : length;
	}

	private static boolean isSuccess(HttpResponse response) {
		return response.status().codeClass() == HttpStatusClass.SUCCESS;
	}

	/**
	 * Return the length that is announced. Without the field, the end of the stream tells
	 * it; if it cannot be understood, no client could.
	 */
	private static long contentLength(HttpHeaders fields) {
		Iterator<? extends CharSequence> values = fields.valueCharSequenceIterator(HttpHeaderNames.CONTENT_LENGTH);
		if (!values.hasNext()) {
			return UNKNOWN;
		}
		long length = parse(values.next());
		if (length < 0 || values.hasNext()) {
			fields.remove(HttpHeaderNames.CONTENT_LENGTH);
			return UNKNOWN;
		}
		return length;
	}

	private static long parse(CharSequence value) {
		try {
			return AsciiString.of(value).parseLong();
		}
		catch (NumberFormatException ex) {
			return UNKNOWN;
		}
	}

}
