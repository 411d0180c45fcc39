package io.github.http3spring.netty.handler;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

import io.netty.handler.codec.http.HttpHeaderNames;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.boot.web.server.Compression;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;
import org.springframework.util.StringUtils;

/**
 * Compresses responses as {@code server.compression} asks for, by the same rules as the
 * TCP server.
 */
public final class ResponseCompression {

	private final Compression settings;

	private final List<MimeType> mimeTypes;

	private final List<Pattern> excludedUserAgents;

	public ResponseCompression(Compression settings) {
		this.settings = settings;
		this.mimeTypes = Arrays.stream(settings.getMimeTypes()).map(MimeTypeUtils::parseMimeType).toList();
		String[] excluded = settings.getExcludedUserAgents();
		this.excludedUserAgents = (excluded != null) ? Arrays.stream(excluded).map(Pattern::compile).toList()
				: List.of();
	}

	public HttpServer apply(HttpServer server) {
		return server.compress((int) this.settings.getMinResponseSize().toBytes())
			.compress((request, response) -> isCompressible(response) && !isExcluded(request));
	}

	private boolean isCompressible(HttpServerResponse response) {
		String contentType = response.responseHeaders().get(HttpHeaderNames.CONTENT_TYPE);
		if (!StringUtils.hasLength(contentType)) {
			return false;
		}
		try {
			MimeType mimeType = MimeTypeUtils.parseMimeType(contentType);
			return this.mimeTypes.stream().anyMatch((candidate) -> candidate.isCompatibleWith(mimeType));
		}
		catch (InvalidMimeTypeException ex) {
			return false;
		}
	}

	private boolean isExcluded(HttpServerRequest request) {
		String userAgent = request.requestHeaders().get(HttpHeaderNames.USER_AGENT, "");
		return this.excludedUserAgents.stream().anyMatch((pattern) -> pattern.matcher(userAgent).find());
	}

}
