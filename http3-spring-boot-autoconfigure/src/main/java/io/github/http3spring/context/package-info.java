/**
 * Ties the HTTP/3 server to the life of the application context.
 */
@NullMarked
package io.github.http3spring.context;

import org.jspecify.annotations.NullMarked;
