/**
 * What the properties become: one record for each thing that is configured.
 */
@NullMarked
package io.github.http3spring.netty.settings;

import org.jspecify.annotations.NullMarked;
