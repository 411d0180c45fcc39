package io.github.http3spring.actuate;

import java.net.InetSocketAddress;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.github.http3spring.server.ConnectionSnapshot;
import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.OpenRequestSnapshot;
import io.github.http3spring.shutdown.ConnectionState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link Http3EndpointWebExtension}: who is shown peers and paths.
 */
class Http3EndpointWebExtensionTests {

	private static final String HIDDEN = "******";

	private static final String SHOWN = "/orders";

	private static final SecurityContext OPERATOR = new User("operator");

	private static final SecurityContext GUEST = new User("guest");

	@Test
	void authorizedIsWhoHasARole() {
		assertThat(path(Show.WHEN_AUTHORIZED, Set.of("operator", "admin"), OPERATOR)).isEqualTo(SHOWN);
		assertThat(path(Show.WHEN_AUTHORIZED, Set.of("operator"), GUEST)).isEqualTo(HIDDEN);
		assertThat(path(Show.WHEN_AUTHORIZED, Set.of("operator"), SecurityContext.NONE)).isEqualTo(HIDDEN);
	}

	@Test
	void withoutRolesWhoeverHasAuthenticatedIsAuthorized() {
		assertThat(path(Show.WHEN_AUTHORIZED, Set.of(), GUEST)).isEqualTo(SHOWN);
		assertThat(path(Show.WHEN_AUTHORIZED, Set.of(), SecurityContext.NONE)).isEqualTo(HIDDEN);
	}

	@Test
	void neverAndAlwaysAskNobody() {
		assertThat(path(Show.NEVER, Set.of(), OPERATOR)).isEqualTo(HIDDEN);
		assertThat(path(Show.ALWAYS, Set.of("operator"), SecurityContext.NONE)).isEqualTo(SHOWN);
	}

	@ParameterizedTest
	@EnumSource
	void outsideTheWebNobodyIsAuthorized(Show show) {
		String path = shown(endpoint(show).connection("1").block());
		assertThat(path).isEqualTo((show == Show.ALWAYS) ? SHOWN : HIDDEN);
	}

	private static String path(Show show, Set<String> roles, SecurityContext securityContext) {
		Http3EndpointWebExtension extension = new Http3EndpointWebExtension(endpoint(show), show, roles);
		return shown(extension.connection(securityContext, "1").block());
	}

	private static String shown(ConnectionDescriptor connection) {
		String path = connection.openRequests().get(0).path();
		assertThat(HIDDEN.equals(connection.peer())).isEqualTo(HIDDEN.equals(path));
		return path;
	}

	private static Http3Endpoint endpoint(Show show) {
		Http3Server server = mock(Http3Server.class);
		given(server.snapshot("1")).willReturn(CompletableFuture.completedFuture(Optional
			.of(new ConnectionSnapshot("1", 0, new InetSocketAddress(4711), Duration.ZERO, ConnectionState.OPEN, 1,
					List.of(new OpenRequestSnapshot("GET", SHOWN, Duration.ZERO)), List.of(), null, 0, 0, 0, 0))));
		return new Http3Endpoint(() -> server, show);
	}

	/**
	 * Has authenticated and has one role.
	 */
	private record User(String role) implements SecurityContext {

		@Override
		public Principal getPrincipal() {
			return () -> "user";
		}

		@Override
		public boolean isUserInRole(String role) {
			return this.role.equals(role);
		}

	}

}
