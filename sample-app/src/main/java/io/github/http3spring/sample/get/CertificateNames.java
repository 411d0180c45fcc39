package io.github.http3spring.sample.get;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The hosts that a certificate is for (RFC 9525 section 6): names, of which the first
 * label may be a wildcard, and addresses.
 */
final class CertificateNames {

	private static final int DNS_NAME = 2;

	private static final int IP_ADDRESS = 7;

	private final List<String> names;

	private final List<String> addresses;

	CertificateNames(X509Certificate certificate) throws CertificateParsingException {
		Collection<List<?>> all = Objects.requireNonNullElse(certificate.getSubjectAlternativeNames(), List.of());
		this.names = select(all, DNS_NAME);
		this.addresses = select(all, IP_ADDRESS);
	}

	private static List<String> select(Collection<List<?>> names, int type) {
		return names.stream()
			.filter((name) -> name.get(0).equals(type))
			.map((name) -> name.get(1).toString().toLowerCase(Locale.ROOT))
			.toList();
	}

	/**
	 * Return whether a host is among them.
	 * @param host a name or an address, an IPv6 address in brackets
	 */
	boolean include(String host) {
		String name = host.toLowerCase(Locale.ROOT);
		if (isAddress(name)) {
			return this.addresses.stream().anyMatch((address) -> parse(address).equals(parse(name)));
		}
		return this.names.stream().anyMatch((pattern) -> matches(pattern, name));
	}

	private static boolean matches(String pattern, String name) {
		int dot = name.indexOf('.');
		return pattern.equals(name)
				|| pattern.startsWith("*.") && dot > 0 && name.substring(dot).equals(pattern.substring(1));
	}

	private static boolean isAddress(String host) {
		return host.startsWith("[") || host.matches("[0-9.]+");
	}

	private static InetAddress parse(String address) {
		try {
			return InetAddress.getByName(address);
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	@Override
	public String toString() {
		List<String> all = new ArrayList<>(this.names);
		this.addresses.forEach((address) -> all.add(parse(address).getHostAddress()));
		return all.isEmpty() ? "nobody" : String.join(", ", all);
	}

}
