/**
 * The quarantine: every private member of Netty, quiche and Reactor Netty that is used,
 * and what is done where one is missing.
 */
@NullMarked
package io.github.http3spring.netty.stack;

import org.jspecify.annotations.NullMarked;
