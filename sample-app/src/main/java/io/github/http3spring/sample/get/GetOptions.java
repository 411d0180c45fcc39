package io.github.http3spring.sample.get;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param uri what to get
 * @param insecure whether to take any certificate
 * @param authority a file with certificates to trust beside those of the JDK
 * @param resume whether to ask a second time, with what the first connection has left
 * @param timeout the time for the connection to be there
 */
record GetOptions(URI uri, boolean insecure, @Nullable Path authority, boolean resume, Duration timeout) {

	static final String USAGE = """
			Usage: get [OPTION...] URL

			Gets URL over HTTP/3 and nothing else, and tells what it was like.

			  --insecure      take any certificate
			  --cacert FILE   trust the certificates in FILE (PEM) too; those of the JDK are trusted, and the
			                  development certificate of this user
			  --resume        ask again on a second connection, which resumes the first, as early data (0-RTT) if
			                  the server takes that
			  --timeout SECS  the time for the connection to be there, by default 4

			Exit status: 0 for a response below 400, 1 for another, 2 for a wrong command line, 3 if nobody speaks
			HTTP/3 there, 4 if the certificate is not trusted or for another host, 5 if the connection or the
			response breaks off.
			""";

	private static final int DEFAULT_PORT = 443;

	/**
	 * Read the command line.
	 * @throws UsageException if it makes no sense
	 */
	static GetOptions parse(List<String> arguments) {
		Deque<String> rest = new ArrayDeque<>(arguments);
		URI uri = null;
		boolean insecure = false;
		boolean resume = false;
		Path authority = null;
		Duration timeout = Duration.ofSeconds(4);
		while (!rest.isEmpty()) {
			String argument = rest.remove();
			switch (argument) {
				case "--insecure", "-k" -> {
					insecure = true;
				}
				case "--resume" -> {
					resume = true;
				}
				case "--cacert" -> {
					authority = Path.of(value(argument, rest));
				}
				case "--timeout" -> {
					timeout = seconds(value(argument, rest));
				}
				default -> {
					if (argument.startsWith("-")) {
						throw new UsageException("There is no option '" + argument + "'.");
					}
					if (uri != null) {
						throw new UsageException("One URL at a time: '" + argument + "' is too many.");
					}
					uri = uri(argument);
				}
			}
		}
		if (uri == null) {
			throw new UsageException("What URL?");
		}
		return new GetOptions(uri, insecure, authority, resume, timeout);
	}

	private static String value(String option, Deque<String> rest) {
		if (rest.isEmpty()) {
			throw new UsageException("'" + option + "' needs a value.");
		}
		return rest.remove();
	}

	private static Duration seconds(String text) {
		try {
			Duration duration = Duration.ofMillis(Math.round(Double.parseDouble(text) * 1000));
			if (!duration.isNegative() && !duration.isZero()) {
				return duration;
			}
		}
		catch (NumberFormatException ex) {
			// Falls through to the same answer as a number that is too small
		}
		throw new UsageException("'" + text + "' is no number of seconds.");
	}

	private static URI uri(String text) {
		try {
			URI uri = new URI(text.contains("://") ? text : "https://" + text);
			if (!"https".equals(uri.getScheme().toLowerCase(Locale.ROOT))) {
				throw new UsageException("HTTP/3 is for 'https' alone, not for '" + uri.getScheme() + "'.");
			}
			if (uri.getHost() == null) {
				throw new UsageException("'" + text + "' names no host.");
			}
			return uri;
		}
		catch (URISyntaxException ex) {
			throw new UsageException("'" + text + "' is no URL: " + ex.getReason() + ".");
		}
	}

	/**
	 * Return the host, an IPv6 address in brackets.
	 */
	String host() {
		return this.uri.getHost();
	}

	int port() {
		return (this.uri.getPort() >= 0) ? this.uri.getPort() : DEFAULT_PORT;
	}

	/**
	 * Return what the request line would have: path and query, in ASCII.
	 */
	String path() {
		URI ascii = URI.create(this.uri.toASCIIString());
		String path = ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
		return (ascii.getRawQuery() != null) ? path + "?" + ascii.getRawQuery() : path;
	}

}
