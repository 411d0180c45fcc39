/**
 * The command "demo": a graceful shutdown as clients on the wire see it.
 */
@NullMarked
package io.github.http3spring.sample.demo;

import org.jspecify.annotations.NullMarked;
