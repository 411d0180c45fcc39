package io.github.http3spring.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of an HTTP/3 server beside the TCP server of a reactive web
 * application; any other application is told why it has none.
 */
// It asks for no place among other auto-configurations, which nothing here depends on:
// with libraries that order the same ones there could be a cycle
@AutoConfiguration
@Import({ Http3ShutdownSignalAutoConfiguration.class, Http3ServerConfiguration.class, ServingDecision.class })
public class Http3ServerAutoConfiguration {

}
