/**
 * Public API: the HTTP/3 server, its factory, its customizers and what can be seen of it.
 * Of {@code shutdown} it shows how far a connection is and how it has ended.
 */
@NullMarked
package io.github.http3spring.server;

import org.jspecify.annotations.NullMarked;
