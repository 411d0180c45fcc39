/**
 * What the servers are asked to do, and what is measured meanwhile.
 */
@NullMarked
package io.github.http3spring.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
