package io.github.http3spring.netty;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.github.http3spring.netty.connection.SampleListeners;
import io.github.http3spring.netty.request.MemoryBudget;
import io.github.http3spring.netty.request.MemoryBudgets;
import io.github.http3spring.netty.request.RequestLimit;
import io.github.http3spring.netty.settings.Http3ServerSettings;
import io.github.http3spring.netty.settings.ServerLimits;
import io.github.http3spring.netty.tls.CertificateRefusals;
import io.github.http3spring.netty.tls.Hmac;
import io.github.http3spring.netty.udp.SharedAddresses;

/**
 * What holds for all workers of a server together. Thread-safe.
 *
 * @param settings the settings of the server
 * @param samples those who want to know how connections are
 * @param limit limits the number of connections
 * @param pendingHandshakes the number of connections whose handshake is under way
 * @param serial the number of connections that have come
 * @param memory what all connections may hold together
 * @param retryTokens signs the tokens of Retry packets, which are good on every worker
 * @param addresses the addresses that have sockets of their own
 * @param certificateRefusals tells that clients refuse the certificate
 */
record ServerWide(Http3ServerSettings settings, SampleListeners samples, ConnectionLimit limit,
		AtomicInteger pendingHandshakes, AtomicLong serial, MemoryBudgets memory, Hmac retryTokens,
		SharedAddresses addresses, CertificateRefusals certificateRefusals) {

	static ServerWide create(Http3ServerSettings settings, SampleListeners samples) {
		ServerLimits limits = settings.limits();
		ConnectionLimit connections = new ConnectionLimit(limits.maxConnections(), System::nanoTime);
		MemoryBudgets memory = new MemoryBudgets(new MemoryBudget(limits.memory().maxUndelivered()),
				new MemoryBudget(limits.memory().maxUnsent()),
				new RequestLimit(limits.memory().maxOpenRequests(), connections::open, System::nanoTime));
		return new ServerWide(settings, samples, connections, new AtomicInteger(), new AtomicLong(), memory,
				Hmac.withRandomKey(), new SharedAddresses(), new CertificateRefusals());
	}

}
