/**
 * One request stream: the incoming side, the outgoing side, and how it ends before its
 * time. Confined to the event loop of its connection.
 */
@NullMarked
package io.github.http3spring.netty.request;

import org.jspecify.annotations.NullMarked;
