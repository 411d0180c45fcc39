/**
 * Pure state machine of the whole life of one HTTP/3 connection, from the handshake until
 * it is closed, free of I/O and of any framework type.
 */
@NullMarked
package io.github.http3spring.shutdown;

import org.jspecify.annotations.NullMarked;
