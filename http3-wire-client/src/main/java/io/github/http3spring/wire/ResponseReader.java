package io.github.http3spring.wire;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Puts a response together and records its events. Confined to the connection's event
 * loop, but for the futures and the number of content bytes.
 */
final class ResponseReader implements FrameReader.Sink {

	private final CompletableFuture<WireResponse> response = new CompletableFuture<>();

	private final CompletableFuture<Integer> headersReceived = new CompletableFuture<>();

	private final FrameReader frames = new FrameReader(this);

	private final BodyPattern pattern = new BodyPattern();

	private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);

	private final long streamId;

	private final EventLog log;

	private final int bodyLimit;

	private int status;

	private @Nullable Map<String, List<String>> headers;

	private Map<String, List<String>> trailers = Map.of();

	private byte[] scratch = {};

	private volatile long bodyLength;

	ResponseReader(long streamId, EventLog log, int bodyLimit) {
		this.streamId = streamId;
		this.log = log;
		this.bodyLimit = bodyLimit;
	}

	void read(ByteBuf bytes) {
		this.frames.read(bytes);
	}

	@Override
	public void frame(long type, byte[] payload) {
		if (type == Http3Frames.HEADERS) {
			fields(FieldSection.decode(payload));
		}
		// All others are reserved or unknown here and ignored (RFC 9114 section 9).
	}

	private void fields(Map<String, List<String>> fields) {
		if (this.headers != null) {
			this.trailers = fields;
			this.log.stream(WireEvent.Type.HEADERS, this.streamId, EventLog.NONE, "trailers");
			return;
		}
		List<String> values = fields.remove(":status");
		if (values == null) {
			throw new IllegalStateException("Response without :status: " + fields);
		}
		this.status = Integer.parseInt(values.get(0));
		this.log.stream(WireEvent.Type.HEADERS, this.streamId, this.status);
		// Interim responses are recorded, the response is the final one.
		if (this.status >= 200) {
			this.headers = fields;
			this.headersReceived.complete(this.status);
		}
	}

	@Override
	public void data(ByteBuf part) {
		if (this.bodyLength == 0) {
			this.log.stream(WireEvent.Type.DATA, this.streamId, EventLog.NONE);
		}
		int length = part.readableBytes();
		if (this.scratch.length < length) {
			this.scratch = new byte[length];
		}
		part.readBytes(this.scratch, 0, length);
		this.pattern.check(this.scratch, length);
		this.body.write(this.scratch, 0, Math.max(0, Math.min(length, this.bodyLimit - this.body.size())));
		this.bodyLength = this.bodyLength + length;
	}

	void fin() {
		this.log.stream(WireEvent.Type.FIN, this.streamId, EventLog.NONE);
		if (this.headers == null) {
			fail(new IllegalStateException("Stream %d ended without a response".formatted(this.streamId)));
			return;
		}
		this.response.complete(new WireResponse(this.status, this.headers, this.trailers, this.bodyLength,
				this.body.toByteArray(), this.pattern.matches()));
	}

	void reset(long code) {
		this.log.stream(WireEvent.Type.RESET_STREAM, this.streamId, code, "0x%x".formatted(code));
		fail(new StreamResetException(this.streamId, code));
	}

	void fail(Throwable cause) {
		this.headersReceived.completeExceptionally(cause);
		this.response.completeExceptionally(cause);
	}

	long bodyLength() {
		return this.bodyLength;
	}

	CompletableFuture<WireResponse> response() {
		return this.response;
	}

	CompletableFuture<Integer> headersReceived() {
		return this.headersReceived;
	}

}
