package io.github.http3spring.web;

/**
 * What responses say of HTTP/3 once readiness is withdrawn or the shutdown has started.
 */
public enum OnShutdown {

	/**
	 * Nothing: clients keep what they know, and may run into a refusal.
	 */
	WITHHOLD,

	/**
	 * That there is no HTTP/3 for this origin any more (RFC 7838 section 3), over HTTP/3
	 * too, until the next instance that answers over TCP advertises it again.
	 */
	CLEAR,

	/**
	 * The same as before, for a load balancer that takes clients elsewhere.
	 */
	KEEP

}
