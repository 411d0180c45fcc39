/**
 * Public API: the HTTP/3 server, its factory, its customizers and what can be seen of it.
 */
@NullMarked
package io.github.http3spring.server;

import org.jspecify.annotations.NullMarked;
