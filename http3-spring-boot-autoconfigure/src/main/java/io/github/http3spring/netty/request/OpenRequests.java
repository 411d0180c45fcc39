package io.github.http3spring.netty.request;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import io.github.http3spring.netty.protocol.Priority;
import io.github.http3spring.netty.settings.ServerLimits;
import io.github.http3spring.netty.stack.QuicheStreams;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.util.collection.LongCollections;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a connection that have not ended. Looks once a second for those that
 * the client does not want answered any more, of which the codec makes no event unless a
 * handler reads, and for those that it does not send completely. One timer for all is
 * cheaper than one for each. Confined to the event loop of the connection.
 */
public final class OpenRequests {

	private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

	/**
	 * A connection without any request needs no map of its own.
	 */
	private static final LongObjectMap<RequestStream> NONE = LongCollections.emptyMap();

	private final RequestOwner owner;

	private final ServerLimits limits;

	private final QuicChannel channel;

	private final LongSupplier clock;

	private LongObjectMap<RequestStream> requests = NONE;

	private @Nullable EarlyPriorities priorities;

	private @Nullable Future<?> check;

	public OpenRequests(RequestOwner owner, ServerLimits limits, QuicChannel channel) {
		this(owner, limits, channel, System::nanoTime);
	}

	OpenRequests(RequestOwner owner, ServerLimits limits, QuicChannel channel, LongSupplier clock) {
		this.owner = owner;
		this.limits = limits;
		this.channel = channel;
		this.clock = clock;
	}

	/**
	 * Take in a request whose stream was opened.
	 */
	public void open(QuicStreamChannel stream) {
		RequestStream request = new RequestStream(this.owner, this.limits, stream, this.clock);
		if (this.requests == NONE) {
			this.requests = new LongObjectHashMap<>();
		}
		this.requests.put(stream.streamId(), request);
		Priority priority = (this.priorities != null) ? this.priorities.take(stream.streamId()) : null;
		if (priority != null) {
			request.priorityUpdated(priority);
		}
		stream.pipeline().addLast(request);
		if (this.check == null) {
			scheduleCheck();
		}
	}

	/**
	 * Change the priority of a request that is open, or that is still to come. That of
	 * one that has ended means nothing any more.
	 * @param streamId the identifier of any stream
	 * @param next the identifier after the highest one that has arrived
	 * @return what is wrong with the identifier, {@code null} if nothing is
	 */
	public @Nullable Http3ErrorCode updatePriority(long streamId, Priority priority, long next) {
		RequestStream request = this.requests.get(streamId);
		if (request == null) {
			if (this.priorities == null) {
				this.priorities = new EarlyPriorities(this.limits.maxRequests());
			}
			return this.priorities.keep(streamId, priority, next);
		}
		request.priorityUpdated(priority);
		return null;
	}

	/**
	 * Forget a request that has ended.
	 * @return whether it was open
	 */
	public boolean remove(long streamId) {
		return this.requests.remove(streamId) != null;
	}

	public int count() {
		return this.requests.size();
	}

	/**
	 * Tell each request that the connection is being shut down.
	 */
	public void shutDown() {
		List.copyOf(this.requests.values()).forEach(RequestStream::shutDown);
	}

	/**
	 * Cut each request off, because time is over.
	 */
	public void expire() {
		List.copyOf(this.requests.values()).forEach(RequestStream::expire);
	}

	/**
	 * Cancel each request, because its client has closed the connection: nothing can be
	 * sent any more, though the channel stays open for a while.
	 */
	public void cancel() {
		List.copyOf(this.requests.values()).forEach((request) -> request.cancel(Http3ErrorCode.H3_REQUEST_CANCELLED));
	}

	/**
	 * Let each request go on whose response the transport could not take any more of.
	 */
	public void resume() {
		List.copyOf(this.requests.values()).forEach(RequestStream::resume);
	}

	public Stream<RequestStream> stream() {
		return this.requests.values().stream();
	}

	private void scheduleCheck() {
		Duration timeout = this.limits.requestTimeout();
		Duration interval = (timeout != null && timeout.compareTo(CHECK_INTERVAL) < 0) ? timeout : CHECK_INTERVAL;
		this.check = this.channel.eventLoop().schedule(this::check, interval.toNanos(), TimeUnit.NANOSECONDS);
	}

	private void check() {
		this.check = null;
		Duration timeout = this.limits.requestTimeout();
		Duration headersTime = this.owner.headersTime();
		for (long streamId : this.requests.keySet().toArray(new Long[0])) {
			RequestStream request = this.requests.get(streamId);
			if (request == null) {
				// Ended by what became of those before
				continue;
			}
			if (QuicheStreams.isStopped(this.channel, streamId)) {
				request.abandon(Http3ErrorCode.H3_REQUEST_CANCELLED);
			}
			else {
				if (headersTime != null) {
					request.rejectIfIncomplete(headersTime);
				}
				if (timeout != null) {
					request.endUnlessReceived(timeout);
				}
				request.readEnd();
			}
		}
		if (!this.requests.isEmpty()) {
			this.owner.requestsLookedAt();
		}
		if (!this.requests.isEmpty() && this.channel.isOpen()) {
			scheduleCheck();
		}
	}

	/**
	 * Look no more.
	 */
	public void cancelCheck() {
		if (this.check != null) {
			this.check.cancel(false);
			this.check = null;
		}
	}

}
