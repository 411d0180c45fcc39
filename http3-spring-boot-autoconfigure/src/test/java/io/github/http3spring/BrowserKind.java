package io.github.http3spring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Browsers that show a page to nobody, and how they are told to trust a certificate that
 * no public authority has signed.
 */
enum BrowserKind {

	/**
	 * Chromium, as Debian packages it.
	 */
	CHROMIUM("/usr/bin/chromium") {

		@Override
		List<String> command(String url, Path keyStore, Path profile) throws Exception {
			byte[] key = certificate(keyStore, "server").getPublicKey().getEncoded();
			String hash = Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
			// A port that is not the server's: certificates need no public authority
			// then, and the switch to HTTP/3 is still left to Alt-Svc
			return List.of(program().toString(), "--headless", "--no-sandbox", "--disable-gpu", "--enable-quic",
					"--origin-to-force-quic-on=localhost:1", "--host-resolver-rules=MAP localhost 127.0.0.1",
					"--ignore-certificate-errors-spki-list=" + hash, "--user-data-dir=" + profile,
					"--remote-debugging-port=0", url);
		}

	},

	/**
	 * Firefox ESR, as Debian packages it, with {@code certutil} of libnss3-tools.
	 */
	FIREFOX("/usr/bin/firefox-esr") {

		@Override
		List<String> command(String url, Path keyStore, Path profile) throws Exception {
			Path pem = profile.resolve("ca.pem");
			Files.writeString(pem,
					"-----BEGIN CERTIFICATE-----\n"
							+ Base64.getMimeEncoder().encodeToString(certificate(keyStore, "ca").getEncoded())
							+ "\n-----END CERTIFICATE-----\n");
			certutil("-N", "-d", "sql:" + profile, "--empty-password");
			certutil("-A", "-d", "sql:" + profile, "-n", "ca", "-t", "C,,", "-i", pem.toString());
			Files.writeString(profile.resolve("user.js"), """
					user_pref("network.http.http3.disable_when_third_party_roots_found", false);
					user_pref("network.dns.disableIPv6", true);
					user_pref("network.proxy.type", 0);
					user_pref("network.captive-portal-service.enabled", false);
					user_pref("network.connectivity-service.enabled", false);
					user_pref("network.lna.blocking", false);
					user_pref("app.normandy.enabled", false);
					user_pref("browser.safebrowsing.malware.enabled", false);
					user_pref("browser.safebrowsing.phishing.enabled", false);
					user_pref("browser.aboutwelcome.enabled", false);
					user_pref("datareporting.policy.dataSubmissionEnabled", false);
					user_pref("services.settings.server", "data:,");
					user_pref("termsofuse.bypassNotification", true);
					""");
			return List.of(program().toString(), "--headless", "--no-remote", "--profile", profile.toString(), url);
		}

		private void certutil(String... arguments) throws Exception {
			List<String> command = new ArrayList<>(List.of("certutil"));
			command.addAll(List.of(arguments));
			Process certutil = new ProcessBuilder(command).redirectErrorStream(true).start();
			if (!certutil.waitFor(30, TimeUnit.SECONDS) || certutil.exitValue() != 0) {
				throw new IOException("certutil: " + new String(certutil.getInputStream().readAllBytes()));
			}
		}

	};

	private final Path program;

	BrowserKind(String program) {
		this.program = Path.of(program);
	}

	/**
	 * Return the command that shows a page.
	 * @param url the page
	 * @param keyStore the certificate to trust, signed by another one in it
	 * @param profile a directory of the browser's own, empty yet
	 */
	abstract List<String> command(String url, Path keyStore, Path profile) throws Exception;

	Path program() {
		return this.program;
	}

	boolean isInstalled() {
		return Files.isExecutable(this.program);
	}

	private static Certificate certificate(Path keyStore, String alias) throws IOException, GeneralSecurityException {
		return KeyStore.getInstance(keyStore.toFile(), TestKeyStore.PASSWORD.toCharArray()).getCertificate(alias);
	}

}
