/**
 * Pure state machine that shuts one HTTP/3 connection down, free of I/O and of any
 * framework type.
 */
@NullMarked
package io.github.http3spring.shutdown;

import org.jspecify.annotations.NullMarked;
