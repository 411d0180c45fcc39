/**
 * An application that serves the same handlers over HTTP/1.1, HTTP/2 and HTTP/3.
 */
@NullMarked
package io.github.http3spring.sample;

import org.jspecify.annotations.NullMarked;
