package io.github.http3spring.benchmarks.server;

/**
 * The version of HTTP that a server is asked with.
 */
public enum Protocol {

	/**
	 * HTTP/3 over QUIC.
	 */
	HTTP3,

	/**
	 * HTTP/2 over TLS and TCP.
	 */
	HTTP2

}
