package io.github.http3spring.netty.stack;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link QuicheMembers}.
 */
class QuicheMembersTests {

	@Test
	void codecOfTheBuildHasAllOfThem() {
		QuicheMembers members = QuicheMembers.FOUND;
		assertThat(members).isNotNull();
		assertThat(members.version()).matches("\\d+\\.\\d+\\.\\d+.*");
		assertThat(members.invalidStreamState()).isNegative();
		assertThat(members.streamStopped()).isNegative().isNotEqualTo(members.invalidStreamState());
	}

}
