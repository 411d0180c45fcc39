package io.github.http3spring.actuate;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SanitizableData;

/**
 * Decides whether peers and paths, which tell about people, are shown as they are.
 */
enum Values {

	SHOWN {

		@Override
		@Nullable String apply(@Nullable Object value) {
			return (value != null) ? value.toString() : null;
		}

	},

	SANITIZED {

		@Override
		String apply(@Nullable Object value) {
			return SanitizableData.SANITIZED_VALUE;
		}

	};

	static Values of(boolean shown) {
		return shown ? SHOWN : SANITIZED;
	}

	abstract @Nullable String apply(@Nullable Object value);

}
