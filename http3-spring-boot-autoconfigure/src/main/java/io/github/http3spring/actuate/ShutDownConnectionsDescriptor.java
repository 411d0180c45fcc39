package io.github.http3spring.actuate;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What the endpoint {@code http3} answers when asked to shut connections down.
 *
 * @param connections the number of connections that were found; if all were asked for, of
 * those whose shutdown had not begun before
 */
public record ShutDownConnectionsDescriptor(int connections) implements OperationResponseBody {

}
