/**
 * One connection: feeds the state machine of its shutdown, does on the wire what that
 * asks for, and tells what happens. Confined to the event loop of the connection.
 */
@NullMarked
package io.github.http3spring.netty.connection;

import org.jspecify.annotations.NullMarked;
