/**
 * The servers that are programs of this module: each gets its port and its key store, and
 * serves until its process is ended.
 */
@NullMarked
package io.github.http3spring.benchmarks.program;

import org.jspecify.annotations.NullMarked;
