package io.github.http3spring.netty.tls;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Says what to do when clients refuse the certificate of a server: at INFO, and once for
 * each reason, since clients could fill the log. Without it, nobody would learn why a
 * browser stays with HTTP/2. Thread-safe.
 */
public final class CertificateRefusals {

	private static final Log logger = LogFactory.getLog(CertificateRefusals.class);

	private final Set<TlsAlert> told = ConcurrentHashMap.newKeySet();

	/**
	 * Note an alert of a client.
	 * @param alert the alert
	 */
	public void received(TlsAlert alert) {
		String sentence = sentence(alert);
		if (sentence != null) {
			logger.info(sentence);
		}
	}

	/**
	 * Return what to say about an alert, {@code null} for nothing.
	 */
	@Nullable String sentence(TlsAlert alert) {
		if (alert.remedy() == null || !this.told.add(alert)) {
			return null;
		}
		return "A client has refused the certificate of the HTTP/3 server, with the TLS alert " + alert + ": "
				+ alert.remedy() + ". This is said once; each connection is logged at DEBUG.";
	}

}
