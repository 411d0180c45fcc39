/**
 * The client: connections on Netty's codecs, and load on them.
 */
@NullMarked
package io.github.http3spring.benchmarks.client;

import org.jspecify.annotations.NullMarked;
