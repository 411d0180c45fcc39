package io.github.http3spring.netty.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Map;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

import org.jspecify.annotations.Nullable;

/**
 * Checks whether a server can show its certificate in a handshake. The TLS library of
 * QUIC would not find out before the first client connects.
 */
final class ServerKeyCheck {

	/**
	 * Signature algorithm for each type of key that Netty's QUIC codec asks a key manager
	 * for.
	 */
	private static final Map<String, String> SIGNATURES = Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA");

	private ServerKeyCheck() {
	}

	/**
	 * Check the keys that may be chosen.
	 * @param factory the factory of the key manager
	 * @param engine an engine of the server
	 * @throws IllegalArgumentException if there is none, or one that cannot be used; the
	 * message says why
	 */
	static void check(KeyManagerFactory factory, SSLEngine engine) {
		boolean found = false;
		for (KeyManager manager : factory.getKeyManagers()) {
			if (manager instanceof X509ExtendedKeyManager keys) {
				for (String type : SIGNATURES.keySet()) {
					String alias = keys.chooseEngineServerAlias(type, null, engine);
					if (alias != null) {
						check(keys.getPrivateKey(alias), keys.getCertificateChain(alias));
						found = true;
					}
				}
			}
		}
		check(found, "it has no RSA or EC key with a certificate, and HTTP/3 can use no others");
	}

	private static void check(@Nullable PrivateKey key, X509Certificate @Nullable [] chain) {
		if (key == null || chain == null || chain.length == 0) {
			throw new IllegalArgumentException("it has no private key with a certificate");
		}
		String signature = SIGNATURES.get(key.getAlgorithm());
		check(signature != null,
				"its private key is of type " + key.getAlgorithm() + ", and HTTP/3 can use RSA and EC keys only");
		check(key.getEncoded() != null, "its private key cannot be read from where it is kept");
		check(isPair(signature, key, chain[0].getPublicKey()),
				"its private key does not match its certificate " + chain[0].getSubjectX500Principal());
	}

	private static boolean isPair(String algorithm, PrivateKey privateKey, PublicKey publicKey) {
		byte[] content = publicKey.getEncoded();
		try {
			Signature signature = Signature.getInstance(algorithm);
			signature.initSign(privateKey);
			signature.update(content);
			byte[] signed = signature.sign();
			signature.initVerify(publicKey);
			signature.update(content);
			return signature.verify(signed);
		}
		catch (GeneralSecurityException ex) {
			return false;
		}
	}

	private static void check(boolean valid, String message) {
		if (!valid) {
			throw new IllegalArgumentException(message);
		}
	}

}
