package io.github.http3spring.netty.protocol;

import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * A priority (RFC 9218 section 4): how urgent a response is, and whether its client can
 * make use of a part of it.
 *
 * @param urgency 0 to 7, the most urgent first, {@code null} if it was not said
 * @param incremental whether responses of this urgency share what can be sent,
 * {@code null} if it was not said
 */
public record Priority(@Nullable Integer urgency, @Nullable Boolean incremental) {

	/**
	 * Name of the field.
	 */
	public static final AsciiString FIELD = AsciiString.cached("priority");

	/**
	 * Says nothing.
	 */
	public static final Priority NONE = new Priority(null, null);

	private static final int DEFAULT_URGENCY = 3;

	/**
	 * Read a field value. What is not understood, or is none of the values that there
	 * are, says nothing (RFC 9218 section 4).
	 * @param value a dictionary (RFC 8941 section 3.2)
	 */
	public static Priority parse(CharSequence value) {
		Priority priority = NONE;
		int start = 0;
		while (start < value.length()) {
			int end = endOfMember(value, start);
			priority = priority.with(value.subSequence(start, end).toString().strip());
			start = end + 1;
		}
		return priority;
	}

	/**
	 * Return where a member ends: at a comma that is in no string and no inner list.
	 */
	private static int endOfMember(CharSequence value, int start) {
		boolean quoted = false;
		int depth = 0;
		for (int index = start; index < value.length(); index++) {
			char character = value.charAt(index);
			if (quoted && character == '\\') {
				index++;
			}
			else if (character == '"') {
				quoted = !quoted;
			}
			else if (!quoted && (character == '(' || character == ')')) {
				depth += (character == '(') ? 1 : -1;
			}
			else if (character == ',' && !quoted && depth <= 0) {
				return index;
			}
		}
		return value.length();
	}

	/**
	 * Add a member; of those that come twice, the last one counts.
	 */
	private Priority with(String member) {
		int parameters = member.indexOf(';');
		return switch ((parameters >= 0) ? member.substring(0, parameters) : member) {
			case "i", "i=?1" -> new Priority(this.urgency, true);
			case "i=?0" -> new Priority(this.urgency, false);
			case "u=0", "u=1", "u=2", "u=3", "u=4", "u=5", "u=6", "u=7" ->
				new Priority(member.charAt(2) - '0', this.incremental);
			default -> this;
		};
	}

	/**
	 * Let another one decide where it says something (RFC 9218 section 8).
	 */
	public Priority overriddenBy(Priority other) {
		return new Priority((other.urgency != null) ? other.urgency : this.urgency,
				(other.incremental != null) ? other.incremental : this.incremental);
	}

	public int urgencyOrDefault() {
		return (this.urgency != null) ? this.urgency : DEFAULT_URGENCY;
	}

	public boolean isIncremental() {
		return Boolean.TRUE.equals(this.incremental);
	}

}
