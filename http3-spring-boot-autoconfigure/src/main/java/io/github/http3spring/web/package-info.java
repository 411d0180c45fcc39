/**
 * What HTTP/3 adds to WebFlux on any server: the advertisement of HTTP/3, and event
 * streams that end with a shutdown.
 */
@NullMarked
package io.github.http3spring.web;

import org.jspecify.annotations.NullMarked;
