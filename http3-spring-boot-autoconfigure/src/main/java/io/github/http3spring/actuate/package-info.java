/**
 * The HTTP/3 server seen through Spring Boot Actuator: endpoint, health, info and meters.
 * They read snapshot and totals of the server and nothing else.
 */
@NullMarked
package io.github.http3spring.actuate;

import org.jspecify.annotations.NullMarked;
