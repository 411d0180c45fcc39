/**
 * Servers side by side under the same load.
 */
@NullMarked
package io.github.http3spring.benchmarks;

import org.jspecify.annotations.NullMarked;
