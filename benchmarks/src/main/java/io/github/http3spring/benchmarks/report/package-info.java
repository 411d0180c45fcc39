/**
 * What was measured, as tables and charts.
 */
@NullMarked
package io.github.http3spring.benchmarks.report;

import org.jspecify.annotations.NullMarked;
