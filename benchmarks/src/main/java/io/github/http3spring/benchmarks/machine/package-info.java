/**
 * What the operating system tells of processes, cores and sockets.
 */
@NullMarked
package io.github.http3spring.benchmarks.machine;

import org.jspecify.annotations.NullMarked;
