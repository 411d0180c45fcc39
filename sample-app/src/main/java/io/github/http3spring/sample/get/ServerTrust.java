package io.github.http3spring.sample.get;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

import io.github.http3spring.development.DevelopmentCertificate;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether the certificate of a server is good for a host, and remembers why it is
 * not. Not asked on a connection that is resumed. Thread-safe.
 */
final class ServerTrust implements X509TrustManager {

	private final String host;

	private final @Nullable X509TrustManager authorities;

	private volatile int asked;

	private volatile @Nullable String refusal;

	private ServerTrust(String host, @Nullable X509TrustManager authorities) {
		this.host = host;
		this.authorities = authorities;
	}

	/**
	 * Take any certificate.
	 */
	static ServerTrust any(String host) {
		return new ServerTrust(host, null);
	}

	/**
	 * Take certificates of the authorities that the JDK trusts, of those in a file, and
	 * the development certificate.
	 * @throws UsageException if the file cannot be read
	 */
	static ServerTrust of(String host, @Nullable Path file) {
		List<Certificate> more = new ArrayList<>();
		Path development = DevelopmentCertificate.DEFAULT_DIRECTORY.resolve("localhost.pem");
		if (Files.isReadable(development)) {
			more.addAll(read(development));
		}
		if (file != null) {
			more.addAll(read(file));
		}
		try {
			KeyStore all = KeyStore.getInstance("PKCS12");
			all.load(null, null);
			more.addAll(Arrays.asList(manager(null).getAcceptedIssuers()));
			for (Certificate certificate : more) {
				all.setCertificateEntry("certificate-" + all.size(), certificate);
			}
			return new ServerTrust(host, manager(all));
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static List<Certificate> read(Path file) {
		try (InputStream input = Files.newInputStream(file)) {
			return List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(input));
		}
		catch (IOException | CertificateException ex) {
			throw new UsageException("'" + file + "' is no file with certificates: " + ex.getMessage() + ".");
		}
	}

	private static X509TrustManager manager(@Nullable KeyStore trusted) throws GeneralSecurityException {
		TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		factory.init(trusted);
		return (X509TrustManager) factory.getTrustManagers()[0];
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
		this.asked++;
		if (this.authorities == null) {
			return;
		}
		try {
			// What the key is used for is the business of TLS 1.3
			this.authorities.checkServerTrusted(chain, "UNKNOWN");
		}
		catch (CertificateException ex) {
			this.refusal = "The certificate of %s is not trusted: %s. It is that of %s, signed by %s.".formatted(
					this.host, reason(ex), chain[0].getSubjectX500Principal(),
					chain[chain.length - 1].getIssuerX500Principal())
					+ " Trust it or its authority with --cacert FILE, or look at the response nevertheless with --insecure.";
			throw ex;
		}
		CertificateNames names = new CertificateNames(chain[0]);
		if (!names.include(this.host)) {
			this.refusal = "The certificate is not for %s but for %s.".formatted(this.host, names)
					+ " Ask for one of these, or look at the response nevertheless with --insecure.";
			throw new CertificateException(this.refusal);
		}
	}

	private static String reason(Throwable failure) {
		Throwable cause = failure;
		while (cause.getCause() != null) {
			cause = cause.getCause();
		}
		return String.valueOf(cause.getMessage());
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType) {
		throw new UnsupportedOperationException("This is a client");
	}

	@Override
	public X509Certificate[] getAcceptedIssuers() {
		return (this.authorities != null) ? this.authorities.getAcceptedIssuers() : new X509Certificate[0];
	}

	/**
	 * Return how often a server has shown a certificate.
	 */
	int asked() {
		return this.asked;
	}

	/**
	 * Return what is wrong with the certificate and what to do, {@code null} if it is
	 * good.
	 */
	@Nullable String refusal() {
		return this.refusal;
	}

}
