/**
 * What the commands of the sample print with.
 */
@NullMarked
package io.github.http3spring.sample.console;

import org.jspecify.annotations.NullMarked;
