package io.github.http3spring.netty.protocol;

import java.util.Date;
import java.util.concurrent.TimeUnit;

import io.netty.handler.codec.DateFormatter;
import io.netty.util.AsciiString;

/**
 * The time, as the field {@code date} of responses says it (RFC 9110 section 6.6.1).
 * Written down once a second for all connections.
 */
final class ResponseDate {

	private static volatile ResponseDate last = new ResponseDate(0);

	private final long second;

	private final AsciiString text;

	private ResponseDate(long second) {
		this.second = second;
		this.text = new AsciiString(DateFormatter.format(new Date(TimeUnit.SECONDS.toMillis(second))));
	}

	/**
	 * Return the text for a time.
	 * @param millis the time since 1970
	 */
	static CharSequence at(long millis) {
		long second = TimeUnit.MILLISECONDS.toSeconds(millis);
		ResponseDate date = last;
		if (date.second != second) {
			date = new ResponseDate(second);
			last = date;
		}
		return date.text;
	}

}
