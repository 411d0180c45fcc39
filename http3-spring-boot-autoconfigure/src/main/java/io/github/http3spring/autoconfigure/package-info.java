/**
 * Auto-configuration of the HTTP/3 server, its properties and its failure reports.
 */
@NullMarked
package io.github.http3spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
