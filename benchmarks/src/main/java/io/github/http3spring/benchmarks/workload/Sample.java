package io.github.http3spring.benchmarks.workload;

import java.util.Map;

/**
 * What one round of a workload has measured.
 *
 * @param values the figures
 * @param others the share of the machine that others used meanwhile, from 0 to 1
 */
public record Sample(Map<Metric, Double> values, double others) {

}
