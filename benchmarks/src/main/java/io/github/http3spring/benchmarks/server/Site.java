package io.github.http3spring.benchmarks.server;

import java.nio.file.Path;

/**
 * Where a server is started: its port and the files that it can use.
 *
 * @param port the port on the loopback address, TCP and UDP
 * @param files the files
 */
public record Site(int port, Files files) {

	/**
	 * Password of the key store.
	 */
	public static final String PASSWORD = "changeit";

	/**
	 * The files that all servers share.
	 *
	 * @param directory where they are, and logs go
	 */
	public record Files(Path directory) {

		/**
		 * Return the key store in PKCS12, with one key.
		 * @return the file
		 */
		public Path keyStore() {
			return this.directory.resolve("keys.p12");
		}

		/**
		 * Return the certificate.
		 * @return the PEM file
		 */
		public Path certificate() {
			return this.directory.resolve("certificate.pem");
		}

		/**
		 * Return the private key of the certificate.
		 * @return the PEM file
		 */
		public Path privateKey() {
			return this.directory.resolve("key.pem");
		}

		/**
		 * Return the directory of what file servers serve.
		 * @return the directory
		 */
		public Path root() {
			return this.directory.resolve("www");
		}

	}

}
