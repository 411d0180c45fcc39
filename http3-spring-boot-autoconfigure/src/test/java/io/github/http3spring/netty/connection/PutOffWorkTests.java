package io.github.http3spring.netty.connection;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import io.netty.util.concurrent.EventExecutor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link PutOffWork}.
 */
class PutOffWorkTests {

	private final EventExecutor eventLoop = mock();

	private final Queue<Runnable> tasks = new ArrayDeque<>();

	private final List<String> taken = new ArrayList<>();

	private final PutOffWork requests = new PutOffWork(() -> this.now);

	private long now;

	private long nanosOfTurn;

	@BeforeEach
	void setUp() {
		given(this.eventLoop.schedule(any(Runnable.class), anyLong(), any())).willAnswer((invocation) -> {
			this.tasks.add(invocation.getArgument(0));
			return null;
		});
	}

	@Test
	void connectionsHaveTheirTurnsInOrderBeforeTheSocketIsReadAgain() {
		add("a", 1);
		add("b", 1);
		assertThat(this.taken).isEmpty();
		runTask();
		assertThat(this.taken).containsExactly("a", "b");
		assertThat(this.tasks).isEmpty();
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
		assertThat(this.tasks).isEmpty();
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
		assertThat(this.tasks).isEmpty();
	}

	@Test
	void turnThatFailsHoldsNobodyUp() {
		this.requests.add(() -> {
			throw new IllegalStateException("failed");
		}, this.eventLoop);
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
		}, this.eventLoop);
	}

	private void runTask() {
		assertThat(this.tasks).hasSize(1);
		this.tasks.remove().run();
	}

}
