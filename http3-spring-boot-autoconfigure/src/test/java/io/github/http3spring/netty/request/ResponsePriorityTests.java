package io.github.http3spring.netty.request;

import io.github.http3spring.netty.protocol.Priority;
import io.github.http3spring.netty.stack.QuicheStreams;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.MockedStatic;

import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockStatic;

/**
 * Tests for {@link ResponsePriority}.
 */
class ResponsePriorityTests {

	private final MockedStatic<QuicheStreams> quiche = mockStatic(QuicheStreams.class);

	private final QuicChannel connection = mock();

	private final QuicStreamChannel stream = mock();

	private final ResponsePriority priority = new ResponsePriority(this.stream);

	@BeforeEach
	void open() {
		given(this.stream.parent()).willReturn(this.connection);
		given(this.stream.streamId()).willReturn(8L);
	}

	@AfterEach
	void release() {
		this.quiche.verifyNoMoreInteractions();
		this.quiche.close();
	}

	@Test
	void whatTheRequestSaysIsApplied() {
		this.priority.requested(Priority.parse("u=1, i"));
		verifyApplied(1, true);
	}

	@Test
	void whatItDoesNotSayIsTheDefault() {
		this.priority.requested(Priority.NONE);
		verifyApplied(3, false);
	}

	@Test
	void updateTakesThePlaceOfTheField() {
		this.priority.requested(Priority.parse("u=1, i"));
		verifyApplied(1, true);
		this.priority.updated(Priority.parse("u=5"));
		verifyApplied(5, false);
	}

	@Test
	void fieldThatComesAfterAnUpdateIsIgnored() {
		this.priority.updated(Priority.parse("u=5"));
		verifyApplied(5, false);
		this.priority.requested(Priority.parse("u=1"));
	}

	@Test
	void applicationOverridesWhatItSays() {
		this.priority.requested(Priority.parse("u=5, i"));
		verifyApplied(5, true);
		this.priority.answered(Priority.parse("u=0"));
		verifyApplied(0, true);
		this.priority.updated(Priority.parse("u=7"));
		verifyApplied(0, false);
	}

	private void verifyApplied(int urgency, boolean incremental) {
		this.quiche.verify(() -> QuicheStreams.prioritize(this.connection, 8, urgency, incremental));
		this.quiche.clearInvocations();
	}

}
