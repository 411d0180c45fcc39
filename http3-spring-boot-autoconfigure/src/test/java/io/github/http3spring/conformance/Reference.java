package io.github.http3spring.conformance;

/**
 * A row of the table whose case is another test, or that no test of ours can show.
 *
 * @param rfc the RFC that demands it
 * @param section the section
 * @param requirement what it demands
 * @param test class and method of the test, empty if there is none
 * @param argument why there is none
 */
record Reference(String rfc, String section, String requirement, String test, String argument) {

}
