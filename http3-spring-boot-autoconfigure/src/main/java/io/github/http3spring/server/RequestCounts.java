package io.github.http3spring.server;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts requests by the way in which they ended: those of an {@link Http3Server} since
 * it was created, or those of one shutdown. The only list of these ways; endpoint, meters
 * and log show it as it is.
 *
 * @param accepted requests that were accepted
 * @param completed requests whose whole response was handed to the transport; in the
 * account of a shutdown without those of which it is known that they did not arrive
 * @param rejected requests that were rejected unprocessed, which clients may retry
 * @param cancelled accepted requests that ended otherwise
 * @param lost requests that were lost because their connection ended: those without a
 * whole response, and those whose response was not acknowledged
 */
public record RequestCounts(long accepted, long completed, long rejected, long cancelled, long lost) {

	/**
	 * Return how many requests are being served.
	 * @return the number of open requests
	 */
	public long active() {
		return Math.max(0, this.accepted - this.completed - this.cancelled);
	}

	/**
	 * Return what has happened since an earlier reading.
	 * @param earlier the earlier reading
	 * @return the difference
	 */
	public RequestCounts since(RequestCounts earlier) {
		return new RequestCounts(this.accepted - earlier.accepted, this.completed - earlier.completed,
				this.rejected - earlier.rejected, this.cancelled - earlier.cancelled, this.lost - earlier.lost);
	}

	/**
	 * Return these counts together with others.
	 * @param other the other counts
	 * @return the sum
	 */
	public RequestCounts plus(RequestCounts other) {
		return new RequestCounts(this.accepted + other.accepted, this.completed + other.completed,
				this.rejected + other.rejected, this.cancelled + other.cancelled, this.lost + other.lost);
	}

	/**
	 * Return the counts as they are if further requests are cut off.
	 * @param requests the number of these requests
	 * @return the counts with them
	 */
	public RequestCounts cutOff(long requests) {
		return new RequestCounts(this.accepted, this.completed, this.rejected, this.cancelled + requests,
				this.lost + requests);
	}

	/**
	 * Return the counts as they are if responses that were handed to the transport did
	 * not arrive. They are among the lost ones already.
	 * @param responses the number of these responses
	 * @param completed how many of them count as completed here; the others were when
	 * these counts began
	 * @return the counts with these requests as cancelled
	 */
	public RequestCounts undelivered(long responses, long completed) {
		return new RequestCounts(this.accepted, this.completed - completed, this.rejected, this.cancelled + responses,
				this.lost);
	}

	/**
	 * Return the counts by their names.
	 * @return the counts in the order in which they are shown
	 */
	public Map<String, Long> byName() {
		Map<String, Long> counts = new LinkedHashMap<>();
		counts.put("accepted", this.accepted);
		counts.put("completed", this.completed);
		counts.put("rejected", this.rejected);
		counts.put("cancelled", this.cancelled);
		counts.put("lost", this.lost);
		return counts;
	}

	/**
	 * Describe the ways to end. Losses are mentioned only if there are any.
	 */
	@Override
	public String toString() {
		String ended = String.format("%d completed, %d rejected, %d cancelled", this.completed, this.rejected,
				this.cancelled);
		return (this.lost > 0) ? ended + " (" + this.lost + " lost)" : ended;
	}

}
