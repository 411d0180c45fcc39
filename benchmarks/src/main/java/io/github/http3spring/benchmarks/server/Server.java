package io.github.http3spring.benchmarks.server;

import java.util.List;
import java.util.Optional;

/**
 * A server to compare: how to start it, and what it can be asked for. All answer
 * {@code GET /hello} with 13 bytes of text, {@code GET /bytes/COUNT} with that many bytes
 * and {@code POST /count} with the number of bytes that they have got.
 */
public interface Server {

	/**
	 * Return what it is selected by.
	 * @return the name
	 */
	String name();

	/**
	 * Return what it is called in tables.
	 * @return the title
	 */
	String title();

	/**
	 * Return how it is asked.
	 * @return the protocol
	 */
	default Protocol protocol() {
		return Protocol.HTTP3;
	}

	/**
	 * Tell whether it runs on all cores, and its client too.
	 * @return whether it does, instead of having a core of its own
	 */
	default boolean sharesCores() {
		return false;
	}

	/**
	 * Tell whether its process is a JVM, which can be asked for heap and allocations.
	 * @return whether it is
	 */
	default boolean isJvm() {
		return true;
	}

	/**
	 * Return why it cannot be started on this machine.
	 * @return the reason, if there is one
	 */
	default Optional<String> obstacle() {
		return Optional.empty();
	}

	/**
	 * Return why it cannot do a workload.
	 * @param workload the name of the workload
	 * @return the reason, if there is one
	 */
	default Optional<String> obstacle(String workload) {
		return Optional.empty();
	}

	/**
	 * Return the command that starts it in the foreground.
	 * @param site where
	 * @return the command
	 */
	List<String> command(Site site);

}
