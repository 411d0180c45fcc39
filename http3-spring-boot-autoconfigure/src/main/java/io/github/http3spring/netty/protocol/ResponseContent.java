package io.github.http3spring.netty.protocol;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * Follows what an application writes as its response to one request, and tells what does
 * not go with the header section that is sent before it. A response that is not as long
 * as announced must not look whole (RFC 9114 section 4.1.2), and for content without a
 * header section the codec would close the connection.
 */
public final class ResponseContent {

	/**
	 * How many bytes have to follow, or one of the constants of {@link ResponseFields}.
	 */
	private long left = ResponseFields.INTERIM;

	/**
	 * Follow the next part of the response; the fields of a header section are corrected.
	 * @param method the method of the request
	 * @param part the part
	 * @return what is wrong with it, {@code null} if nothing is
	 */
	public @Nullable String follow(CharSequence method, Object part) {
		if (part instanceof HttpResponse response) {
			this.left = ResponseFields.prepare(method, response);
			if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
				return "switches the protocol";
			}
			if (response.status().equals(HttpResponseStatus.CONTINUE)) {
				return null;
			}
		}
		return (part instanceof HttpContent content) ? count(content) : null;
	}

	private @Nullable String count(HttpContent content) {
		if (this.left == ResponseFields.INTERIM) {
			return "has no final header section";
		}
		if (this.left < 0) {
			return null;
		}
		int count = content.content().readableBytes();
		if (count > this.left) {
			return "has more content than announced";
		}
		this.left -= count;
		return (content instanceof LastHttpContent && this.left > 0) ? "has less content than announced" : null;
	}

	/**
	 * Return whether a part has content that is not sent.
	 */
	public boolean isSuperfluous(Object part) {
		return this.left == ResponseFields.NONE && part instanceof HttpContent content
				&& content.content().isReadable();
	}

}
