package io.github.http3spring.context;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;

/**
 * Knows whether an application that was ready for traffic is so no more, which Spring
 * Boot says the moment its context begins to close. Thread-safe.
 */
public class ReadinessWatch implements ApplicationListener<AvailabilityChangeEvent<ReadinessState>> {

	private final ApplicationContext applicationContext;

	private volatile @Nullable ReadinessState state;

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	/**
	 * Create the watch.
	 * @param applicationContext the context of the server
	 */
	public ReadinessWatch(ApplicationContext applicationContext) {
		this.applicationContext = applicationContext;
	}

	@Override
	public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> event) {
		// What has not been ready yet has nothing to withdraw
		boolean known = this.state != null || event.getState() == ReadinessState.ACCEPTING_TRAFFIC;
		if (known && !isOfChildContext(event.getSource())) {
			this.state = event.getState();
			if (isWithdrawn()) {
				this.listeners.forEach(Runnable::run);
			}
		}
	}

	/**
	 * Return whether an event comes from a child context, such as that of a management
	 * server, whose events are published here too.
	 */
	private boolean isOfChildContext(Object source) {
		ApplicationContext parent = (source instanceof ApplicationContext context) ? context.getParent() : null;
		while (parent != null && parent != this.applicationContext) {
			parent = parent.getParent();
		}
		return parent != null;
	}

	/**
	 * Call a listener whenever readiness is withdrawn.
	 * @param listener the listener
	 */
	public void whenWithdrawn(Runnable listener) {
		this.listeners.add(listener);
	}

	/**
	 * Return whether the application was ready and is so no more. Costs one volatile
	 * read.
	 * @return {@code true} if readiness is withdrawn
	 */
	public boolean isWithdrawn() {
		return this.state == ReadinessState.REFUSING_TRAFFIC;
	}

}
