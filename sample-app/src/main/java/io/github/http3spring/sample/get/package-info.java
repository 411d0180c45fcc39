/**
 * The command "get": one request over HTTP/3, and what came of it.
 */
@NullMarked
package io.github.http3spring.sample.get;

import org.jspecify.annotations.NullMarked;
