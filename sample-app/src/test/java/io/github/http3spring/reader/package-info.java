/**
 * Clients in Java that read a response at a pace, each in a process of its own.
 */
package io.github.http3spring.reader;
