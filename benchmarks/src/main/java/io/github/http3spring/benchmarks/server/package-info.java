/**
 * The servers that are compared, each started as a process of its own.
 */
@NullMarked
package io.github.http3spring.benchmarks.server;

import org.jspecify.annotations.NullMarked;
