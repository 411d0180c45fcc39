package io.github.http3spring.autoconfigure;

import java.util.HashSet;
import java.util.Set;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Properties of the Actuator endpoint {@code http3}.
 */
@ConfigurationProperties("management.endpoint.http3")
public class Http3EndpointProperties {

	/**
	 * When to show the addresses of clients and the paths of requests.
	 */
	private Show showValues = Show.NEVER;

	/**
	 * Roles that are shown addresses and paths when authorized. When empty, all
	 * authenticated users are authorized.
	 */
	private final Set<String> roles = new HashSet<>();

	public Show getShowValues() {
		return this.showValues;
	}

	public void setShowValues(Show showValues) {
		this.showValues = showValues;
	}

	public Set<String> getRoles() {
		return this.roles;
	}

}
