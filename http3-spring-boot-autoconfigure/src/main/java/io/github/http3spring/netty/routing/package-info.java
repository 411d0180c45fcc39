/**
 * How the way of a packet can be read off its connection id: to a server of many, by a
 * load balancer, and to a worker of the server. Pure bytes.
 */
@NullMarked
package io.github.http3spring.netty.routing;

import org.jspecify.annotations.NullMarked;
