package io.github.http3spring.netty.request;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what all connections of a server hold together of one kind of data, and turns to
 * the one that holds most when that is more than it may be: whoever fills a budget on
 * purpose holds more than others do. Thread-safe.
 */
public final class MemoryBudget {

	private final long maximum;

	private final AtomicLong held = new AtomicLong();

	/**
	 * Those that hold something, which few connections do at a time.
	 */
	private final Set<Share> shares = ConcurrentHashMap.newKeySet();

	/**
	 * Create a budget.
	 * @param maximum the number of bytes
	 */
	public MemoryBudget(long maximum) {
		this.maximum = maximum;
	}

	/**
	 * Return how many bytes there may be.
	 */
	public long maximum() {
		return this.maximum;
	}

	/**
	 * Return how many bytes there are.
	 */
	public long held() {
		return this.held.get();
	}

	/**
	 * Return whether there are more than there may be.
	 */
	public boolean isExceeded() {
		return held() > this.maximum;
	}

	/**
	 * Give a connection its share, with nothing in it.
	 * @param relief asks the connection to hold less, called on any thread
	 */
	public Share open(Runnable relief) {
		return new Share(relief);
	}

	/**
	 * If there is more than there may be, ask the connection that holds most to hold
	 * less, those aside that are spared.
	 */
	public void relieve() {
		if (isExceeded()) {
			this.shares.stream()
				.filter((share) -> !share.spared)
				.max(Comparator.comparingLong(Share::held))
				.ifPresent((share) -> share.relief.run());
		}
	}

	/**
	 * What one connection holds. Written by its event loop alone.
	 */
	public final class Share {

		private final Runnable relief;

		private volatile long held;

		private volatile boolean spared;

		private Share(Runnable relief) {
			this.relief = relief;
		}

		/**
		 * Return how many bytes the connection holds.
		 */
		public long held() {
			return this.held;
		}

		/**
		 * Note how many bytes the connection holds.
		 */
		public void hold(long bytes) {
			long before = this.held;
			if (bytes == before) {
				return;
			}
			this.held = bytes;
			MemoryBudget.this.held.addAndGet(bytes - before);
			if (before == 0) {
				MemoryBudget.this.shares.add(this);
			}
			else if (bytes == 0) {
				MemoryBudget.this.shares.remove(this);
			}
		}

		/**
		 * Note whether the connection is not to be asked to hold less, because it will by
		 * itself.
		 */
		public void spare(boolean spared) {
			this.spared = spared;
		}

		/**
		 * Return whether no connection holds more, those aside that are spared.
		 */
		public boolean isLargest() {
			return MemoryBudget.this.shares.stream().noneMatch((other) -> !other.spared && other.held > this.held);
		}

	}

}
