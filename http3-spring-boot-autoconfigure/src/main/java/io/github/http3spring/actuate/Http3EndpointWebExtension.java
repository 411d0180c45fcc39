package io.github.http3spring.actuate;

import java.time.Duration;
import java.util.Set;

import reactor.core.publisher.Mono;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.http.HttpStatus;
import org.springframework.lang.Nullable;

/**
 * Shows peers and paths by who asks, and answers with HTTP status codes.
 */
@EndpointWebExtension(endpoint = Http3Endpoint.class)
public class Http3EndpointWebExtension {

	private final Http3Endpoint delegate;

	private final Show showValues;

	private final Set<String> roles;

	/**
	 * Create the extension.
	 * @param delegate the endpoint
	 * @param showValues when to show peers and paths
	 * @param roles roles that are shown peers and paths, empty for all who have
	 * authenticated
	 */
	public Http3EndpointWebExtension(Http3Endpoint delegate, Show showValues, Set<String> roles) {
		this.delegate = delegate;
		this.showValues = showValues;
		this.roles = roles;
	}

	/**
	 * Show the server and some of its connections.
	 * @param securityContext who asks
	 * @param offset number of connections to leave out, the oldest first
	 * @param limit most connections to show
	 * @return the description
	 */
	@ReadOperation
	public Mono<Http3Descriptor> server(SecurityContext securityContext, @Nullable Integer offset,
			@Nullable Integer limit) {
		return this.delegate.server(offset, limit, values(securityContext));
	}

	/**
	 * Show one connection.
	 * @param securityContext who asks
	 * @param id the identifier of the connection
	 * @return the description, empty if there is no such connection
	 */
	@ReadOperation
	public Mono<ConnectionDescriptor> connection(SecurityContext securityContext, @Selector String id) {
		return this.delegate.connection(id, values(securityContext));
	}

	/**
	 * Shut all present connections down.
	 * @param gracePeriod time after which everything that is still open is cut off
	 * @return the number of connections
	 */
	@WriteOperation
	public Mono<WebEndpointResponse<ShutDownConnectionsDescriptor>> shutDownConnections(
			@Nullable Duration gracePeriod) {
		return this.delegate.shutDownConnections(gracePeriod)
			.map((result) -> new WebEndpointResponse<>(result, HttpStatus.ACCEPTED.value()));
	}

	/**
	 * Shut one connection down.
	 * @param id the identifier of the connection
	 * @param gracePeriod time after which everything that is still open is cut off
	 * @return the number of connections
	 */
	@WriteOperation
	public Mono<WebEndpointResponse<ShutDownConnectionsDescriptor>> shutDownConnection(@Selector String id,
			@Nullable Duration gracePeriod) {
		return this.delegate.shutDownConnection(id, gracePeriod)
			.map((result) -> new WebEndpointResponse<>(result,
					(result.connections() > 0) ? HttpStatus.ACCEPTED.value() : WebEndpointResponse.STATUS_NOT_FOUND));
	}

	private Values values(SecurityContext securityContext) {
		return Values.of(this.showValues.isShown(securityContext, this.roles));
	}

}
