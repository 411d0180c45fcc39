package io.github.http3spring.development;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/**
 * Makes a certificate for {@code localhost} and the loopback addresses (RFC 5280), signed
 * with its own key. It can sign no other, so that whoever trusts it trusts nothing else.
 */
final class LoopbackCertificate {

	/**
	 * The most that Apple's systems take.
	 */
	static final Duration VALIDITY = Duration.ofDays(825);

	private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";

	private static final BigInteger VERSION_3 = BigInteger.TWO;

	private static final int SERIAL_BITS = 127;

	private static final int DNS_NAME = 2;

	private static final int IP_ADDRESS = 7;

	private LoopbackCertificate() {
	}

	/**
	 * Make a certificate.
	 * @param keys a key pair for ECDSA
	 * @param from when its validity begins
	 */
	static X509Certificate create(KeyPair keys, Instant from) throws GeneralSecurityException {
		byte[] algorithm = Der.sequence(Der.objectIdentifier(ECDSA_WITH_SHA256));
		byte[] name = Der.sequence(attribute("2.5.4.10", "Development certificate, for this host alone"),
				attribute("2.5.4.3", "localhost"));
		byte[] content = Der.sequence(Der.explicit(0, Der.integer(VERSION_3)),
				Der.integer(new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS - 1)), algorithm, name,
				Der.sequence(Der.generalizedTime(from), Der.generalizedTime(from.plus(VALIDITY))), name,
				keys.getPublic().getEncoded(), Der.explicit(3, extensions()));
		Signature signature = Signature.getInstance("SHA256withECDSA");
		signature.initSign(keys.getPrivate());
		signature.update(content);
		byte[] certificate = Der.sequence(content, algorithm, Der.bitString(0, signature.sign()));
		return (X509Certificate) CertificateFactory.getInstance("X.509")
			.generateCertificate(new ByteArrayInputStream(certificate));
	}

	private static byte[] attribute(String type, String value) {
		return Der.set(Der.sequence(Der.objectIdentifier(type), Der.utf8String(value)));
	}

	private static byte[] extensions() {
		byte[] noAuthority = Der.sequence();
		byte[] digitalSignature = Der.bitString(7, (byte) 0x80);
		byte[] serverAuthentication = Der.sequence(Der.objectIdentifier("1.3.6.1.5.5.7.3.1"));
		byte[] names = Der.sequence(Der.contextSpecific(DNS_NAME, "localhost".getBytes(StandardCharsets.US_ASCII)),
				address("127.0.0.1"), address("::1"));
		return Der.sequence(extension("2.5.29.19", true, noAuthority), extension("2.5.29.15", true, digitalSignature),
				extension("2.5.29.37", false, serverAuthentication), extension("2.5.29.17", false, names));
	}

	private static byte[] extension(String identifier, boolean critical, byte[] value) {
		byte[] type = Der.objectIdentifier(identifier);
		// A default is not encoded
		return critical ? Der.sequence(type, Der.bool(true), Der.octetString(value))
				: Der.sequence(type, Der.octetString(value));
	}

	private static byte[] address(String literal) {
		try {
			return Der.contextSpecific(IP_ADDRESS, InetAddress.getByName(literal).getAddress());
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

}
