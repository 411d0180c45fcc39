package io.github.http3spring.netty.tls;

import java.util.Arrays;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * The alerts of TLS (RFC 8446 section 6 and those that came later), which QUIC carries as
 * error codes (RFC 9001 section 4.8).
 */
public enum TlsAlert {

	/**
	 * The sender will send nothing more. QUIC has its own way to say so.
	 */
	CLOSE_NOTIFY(0),

	/**
	 * A message of the handshake came out of turn.
	 */
	UNEXPECTED_MESSAGE(10),

	/**
	 * A record could not be decrypted. QUIC has packets instead.
	 */
	BAD_RECORD_MAC(20),

	/**
	 * A record was too long. QUIC has packets instead.
	 */
	RECORD_OVERFLOW(22),

	/**
	 * There are no parameters that both sides take.
	 */
	HANDSHAKE_FAILURE(40),

	/**
	 * By the RFC the certificate is damaged, but clients in Go say so of any that they do
	 * not trust.
	 */
	BAD_CERTIFICATE(42, Remedy.TRUST),

	/**
	 * The certificate is of a kind that the client cannot use.
	 */
	UNSUPPORTED_CERTIFICATE(43, "use a key of another kind; all clients take ECDSA on P-256, and RSA of 2048 bits"),

	/**
	 * The authority has revoked the certificate.
	 */
	CERTIFICATE_REVOKED(44, "replace it"),

	/**
	 * The certificate is not valid any more, or not yet.
	 */
	CERTIFICATE_EXPIRED(45, "replace it, or see whether the clock of the client is right"),

	/**
	 * The client does not like the certificate and says no more, as browsers do if its
	 * authority is not a public one.
	 */
	CERTIFICATE_UNKNOWN(46,
			"browsers take one of a private authority over HTTP/3 only if they are told to at their start, even where "
					+ "they trust it, and stay with HTTP/2 otherwise: docs/local-certificates.md says how"),

	/**
	 * A field of the handshake is wrong or contradicts others.
	 */
	ILLEGAL_PARAMETER(47),

	/**
	 * The client does not know the authority.
	 */
	UNKNOWN_CA(48, Remedy.TRUST),

	/**
	 * The certificate is valid, but the sender wants none of it.
	 */
	ACCESS_DENIED(49),

	/**
	 * A message of the handshake could not be parsed.
	 */
	DECODE_ERROR(50),

	/**
	 * A signature or a Finished message of the handshake is wrong.
	 */
	DECRYPT_ERROR(51),

	/**
	 * Too many connection ids were asked for (RFC 9147, of DTLS).
	 */
	TOO_MANY_CIDS_REQUESTED(52),

	/**
	 * The peer speaks no version of TLS that the sender takes.
	 */
	PROTOCOL_VERSION(70),

	/**
	 * The parameters are weaker than the sender takes.
	 */
	INSUFFICIENT_SECURITY(71),

	/**
	 * By the RFC this has nothing to do with the peer, but Netty's clients say so of a
	 * certificate that they do not trust.
	 */
	INTERNAL_ERROR(80, Remedy.TRUST),

	/**
	 * The client has fallen back to an older version without need (RFC 7507).
	 */
	INAPPROPRIATE_FALLBACK(86),

	/**
	 * The user has cancelled the handshake.
	 */
	USER_CANCELED(90),

	/**
	 * An extension is missing that TLS 1.3 or QUIC demands.
	 */
	MISSING_EXTENSION(109),

	/**
	 * There is an extension that has no place there.
	 */
	UNSUPPORTED_EXTENSION(110),

	/**
	 * The server has no certificate for the name.
	 */
	UNRECOGNIZED_NAME(112),

	/**
	 * The OCSP response of the server is no good.
	 */
	BAD_CERTIFICATE_STATUS_RESPONSE(113),

	/**
	 * The server does not know the key that the client has named.
	 */
	UNKNOWN_PSK_IDENTITY(115),

	/**
	 * The client has shown no certificate, and has to.
	 */
	CERTIFICATE_REQUIRED(116),

	/**
	 * An error that no other alert is for.
	 */
	GENERAL_ERROR(117),

	/**
	 * There is no protocol that both sides speak (RFC 7301).
	 */
	NO_APPLICATION_PROTOCOL(120),

	/**
	 * The client insists on Encrypted Client Hello (RFC 9849).
	 */
	ECH_REQUIRED(121);

	/**
	 * The error code of alert 0, CRYPTO_ERROR (RFC 9000 section 20.1).
	 */
	private static final int CRYPTO_ERROR = 0x100;

	private final int code;

	private final @Nullable String remedy;

	TlsAlert(int code) {
		this(code, null);
	}

	/**
	 * Create an alert by which clients refuse the certificate of a server.
	 * @param code the code
	 * @param remedy what to do about it
	 */
	TlsAlert(int code, @Nullable String remedy) {
		this.code = code;
		this.remedy = remedy;
	}

	/**
	 * Find the alert in an error code of QUIC's transport.
	 * @param errorCode the error code of a CONNECTION_CLOSE that is not of the
	 * application
	 * @return the alert, {@code null} if the code is none, or one that nobody knows
	 */
	public static @Nullable TlsAlert ofTransportError(long errorCode) {
		return Arrays.stream(values())
			.filter((alert) -> errorCode == CRYPTO_ERROR + alert.code)
			.findFirst()
			.orElse(null);
	}

	/**
	 * Return what to do about the certificate that a client refuses by this.
	 * @return the end of a sentence, {@code null} if this is not about the certificate
	 */
	@Nullable String remedy() {
		return this.remedy;
	}

	private static final class Remedy {

		static final String TRUST = "let the client trust its authority, and let the server send the whole chain up to "
				+ "that; docs/local-certificates.md says how where you develop";

	}

	/**
	 * Return the name as the RFC writes it.
	 */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
