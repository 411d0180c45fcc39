package io.github.http3spring.netty.connection;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link PutOffWork}.
 */
class PutOffWorkTests {

	private final ScheduledTasks tasks = new ScheduledTasks();

	private final List<String> taken = new ArrayList<>();

	private final PutOffWork requests = new PutOffWork(() -> this.now);

	private long now;

	private long nanosOfTurn;

	@Test
	void connectionsHaveTheirTurnsInOrderBeforeTheSocketIsReadAgain() {
		add("a", 1);
		add("b", 1);
		assertThat(this.taken).isEmpty();
		runTask();
		assertThat(this.taken).containsExactly("a", "b");
		assertThat(this.tasks.waiting()).isEmpty();
	}

	@Test
	void whenTheTimeIsOverTheRestComesAfterTheSocketIsRead() {
		this.nanosOfTurn = PutOffWork.MAX_TURN.toNanos() / 2;
		add("a", 1);
		add("b", 1);
		add("c", 1);
		runTask();
		assertThat(this.taken).containsExactly("a", "b");
		runTask();
		assertThat(this.taken).containsExactly("a", "b", "c");
		assertThat(this.tasks.waiting()).isEmpty();
	}

	@Test
	void connectionThatHasMoreComesBehindAllOthersAndAfterTheSocketIsRead() {
		add("a", 3);
		add("b", 1);
		runTask();
		assertThat(this.taken).containsExactly("a", "b");
		runTask();
		runTask();
		assertThat(this.taken).containsExactly("a", "b", "a", "a");
		assertThat(this.tasks.waiting()).isEmpty();
	}

	@Test
	void turnThatFailsHoldsNobodyUp() {
		this.requests.add(() -> {
			throw new IllegalStateException("failed");
		}, this.tasks.eventLoop());
		add("b", 1);
		assertThatIllegalStateException().isThrownBy(this::runTask);
		runTask();
		assertThat(this.taken).containsExactly("b");
		add("c", 1);
		runTask();
		assertThat(this.taken).containsExactly("b", "c");
	}

	private void add(String connection, int turns) {
		this.requests.add(() -> {
			this.taken.add(connection);
			this.now += this.nanosOfTurn;
			if (turns > 1) {
				add(connection, turns - 1);
			}
		}, this.tasks.eventLoop());
	}

	private void runTask() {
		assertThat(this.tasks.waiting()).hasSize(1);
		this.tasks.waiting().remove().run();
	}

}
