package io.github.http3spring.autoconfigure;

import java.util.Set;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the Actuator endpoint {@code http3}.
 *
 * @param showValues When to show the addresses of clients and the paths of requests.
 * @param roles Roles that are shown addresses and paths when authorized. When empty, all
 * authenticated users are authorized.
 */
@ConfigurationProperties("management.endpoint.http3")
public record Http3EndpointProperties(@DefaultValue("never") Show showValues, @DefaultValue Set<String> roles) {

}
