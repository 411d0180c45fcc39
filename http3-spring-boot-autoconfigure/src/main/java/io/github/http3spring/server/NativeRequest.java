package io.github.http3spring.server;

import org.jspecify.annotations.Nullable;

import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;

/**
 * Finds what a request is to the server that it came in through, which not every request
 * did: those of tests without a server have nothing below Spring's own types.
 */
public final class NativeRequest {

	private NativeRequest() {
	}

	/**
	 * Return the native request below any number of decorators.
	 * @param request the request
	 * @param type what it may be
	 * @param <T> what it may be
	 * @return the native request, {@code null} if there is none or another server's
	 */
	public static <T> @Nullable T find(ServerHttpRequest request, Class<T> type) {
		Object nativeRequest = find(request);
		return type.isInstance(nativeRequest) ? type.cast(nativeRequest) : null;
	}

	private static @Nullable Object find(ServerHttpRequest request) {
		try {
			return ServerHttpRequestDecorator.getNativeRequest(request);
		}
		catch (IllegalArgumentException | IllegalStateException | UnsupportedOperationException ex) {
			// What implementations without one throw, Spring's mock among them
			return null;
		}
	}

}
