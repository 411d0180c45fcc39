package io.github.http3spring.netty.request;

import java.time.Duration;
import java.util.HexFormat;

import io.github.http3spring.netty.EmbeddedQuicStream;
import io.github.http3spring.netty.stack.QuicheStreams;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.incubator.codec.http3.Http3ErrorCode;
import io.netty.incubator.codec.quic.QuicChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.MockedStatic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockStatic;

/**
 * Tests for {@link IncomingRequest}. What arrives is in hexadecimal.
 */
class IncomingRequestTests {

	/**
	 * DATA frame of three bytes.
	 */
	private static final String DATA = "0003aabbcc";

	private final MockedStatic<QuicheStreams> quiche = mockStatic(QuicheStreams.class);

	private final QuicChannel connection = mock();

	private int reads;

	private final EmbeddedQuicStream stream = new EmbeddedQuicStream(this.connection, 4,
			new ChannelOutboundHandlerAdapter() {

				@Override
				public void read(ChannelHandlerContext ctx) {
					IncomingRequestTests.this.reads++;
				}

			});

	private int admittedFrames;

	private final IncomingRequest request = newRequest();

	private IncomingRequest newRequest() {
		return new IncomingRequest(this.stream, 100, () -> this.admittedFrames-- > 0);
	}

	@BeforeEach
	void forgetTheFirstRead() {
		this.reads = 0;
	}

	@AfterEach
	void release() {
		this.quiche.close();
	}

	@Test
	void framesOfARequestPass() {
		assertThat(accept("01020000" + DATA + "0103000011", false)).isEqualTo(Ruling.PASS);
	}

	@Test
	void whatIsNoBytesPasses() {
		assertThat(this.request.acceptMessage("message", false)).isEqualTo(Ruling.PASS);
	}

	@Test
	void framesWithoutMeaningAreDropped() {
		assertThat(accept("2103aabbcc", false)).isEqualTo(Ruling.DROP);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0400", "0700", "070100", "030100", "0d0100", "0500", "0200", "0600" })
	void frameThatDoesNotBelongInARequestClosesTheConnection(String frame) {
		assertThat(accept(frame, false)).isEqualTo(Ruling.raise(Http3ErrorCode.H3_FRAME_UNEXPECTED));
	}

	@Test
	void fieldSectionThatIsTooLargeIsRefusedBeforeItArrives() {
		assertThat(accept("014064", false)).isEqualTo(Ruling.PASS);
		IncomingRequest other = newRequest();
		assertThat(other.acceptMessage(buffer("014065"), false)).isEqualTo(Ruling.REFUSE_FIELD_SECTION);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0000", "2100", "2101aa" })
	void framesWithoutContentNeedAdmissionIfThereAreMany(String frame) {
		this.admittedFrames = 1;
		assertThat(accept(frame.repeat(17), false)).isNotEqualTo(Ruling.raise(Http3ErrorCode.H3_EXCESSIVE_LOAD));
		assertThat(accept(DATA.repeat(100), false)).isEqualTo(Ruling.PASS);
		assertThat(accept(frame, true)).isEqualTo(Ruling.raise(Http3ErrorCode.H3_EXCESSIVE_LOAD));
	}

	@Test
	void longFrameWithoutMeaningCancelsTheRequest() {
		assertThat(accept("2180010001", false)).isEqualTo(Ruling.cancel(Http3ErrorCode.H3_EXCESSIVE_LOAD));
	}

	@Test
	void nothingIsWrongWithARequestThatWasRefused() {
		assertThat(accept("0400", true)).isEqualTo(Ruling.DROP);
		assertThat(this.request.acceptEnd(true, false)).isEqualTo(Ruling.DROP);
	}

	@Test
	void requestIsReceivedWhenItsEndWasRead() {
		accept("0100" + DATA, false);
		assertThat(this.request.isReceived()).isFalse();
		assertThat(this.request.acceptEnd(false, true)).isEqualTo(Ruling.PASS);
		assertThat(this.request.isReceived()).isTrue();
	}

	@Test
	void requestIsReceivedWhenItsLastBytesCameWithTheEnd() {
		this.stream.endInput();
		accept("0100", false);
		assertThat(this.request.isReceived()).isTrue();
	}

	@Test
	void requestThatWeHaveStoppedIsNotReceived() {
		this.request.stop();
		accept("0100", false);
		assertThat(this.request.isReceived()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "00", "0003aa", "40", "01", "2103aa" })
	void endWithinAFrameClosesTheConnection(String part) {
		accept(part, false);
		assertThat(this.request.acceptEnd(false, true)).isEqualTo(Ruling.IN_FRAME);
		assertThat(this.request.isReceived()).isFalse();
	}

	@Test
	void endBeforeTheHeaderSectionMakesTheRequestIncomplete() {
		assertThat(this.request.acceptEnd(false, false)).isEqualTo(Ruling.INCOMPLETE);
		assertThat(this.request.isReceived()).isFalse();
	}

	@Test
	void endOfAStreamThatWasClosedIsOfNoInterest() {
		this.stream.close();
		assertThat(this.request.acceptEnd(false, false)).isEqualTo(Ruling.DROP);
	}

	@Test
	void slowClientTimesOutOnlyWhereSomebodyWaitsForIt() {
		assertThat(this.request.timeIsOver(false)).isEqualTo(Ruling.PASS);
		this.request.readRequested();
		assertThat(this.request.timeIsOver(false)).isEqualTo(Ruling.TIME_OUT);
		accept(DATA, false);
		assertThat(this.request.timeIsOver(false)).isEqualTo(Ruling.PASS);
	}

	@Test
	void clientThatHasItsResponseAndGoesOnSendingIsEnded() {
		assertThat(this.request.timeIsOver(true)).isEqualTo(Ruling.END);
		this.request.acceptEnd(false, true);
		assertThat(this.request.timeIsOver(true)).isEqualTo(Ruling.PASS);
	}

	@Test
	void endIsReadThatNobodyReads() {
		this.request.readEnd();
		assertThat(this.reads).isZero();
		this.quiche.when(() -> QuicheStreams.isAtEnd(this.connection, 4)).thenReturn(true);
		this.request.readEnd();
		assertThat(this.reads).isOne();
		this.request.readRequested();
		this.request.readEnd();
		assertThat(this.reads).isOne();
	}

	@Test
	void requestIsLookedAtWhenAllThatIsThereWasRead() {
		assertThat(this.request.isLookedAt(0, Duration.ZERO)).isTrue();
		accept(DATA, false);
		assertThat(this.request.isBeingRead()).isTrue();
		this.request.messageRead();
		assertThat(this.request.isBeingRead()).isFalse();
		assertThat(this.request.isLookedAt(0, Duration.ZERO)).isTrue();
		this.stream.endInput();
		assertThat(this.request.isLookedAt(0, Duration.ZERO)).isFalse();
		this.request.acceptEnd(false, true);
		assertThat(this.request.isLookedAt(0, Duration.ZERO)).isTrue();
	}

	@Test
	void contentThatNobodyExpectsIsReadForAtMostASecond() {
		assertThat(this.request.isLookedAt(3, Duration.ofMillis(999))).isFalse();
		assertThat(this.reads).isOne();
		assertThat(this.request.isLookedAt(3, Duration.ofSeconds(1))).isTrue();
		accept(DATA, false);
		this.request.messageRead();
		assertThat(this.request.isLookedAt(3, Duration.ZERO)).isTrue();
		assertThat(this.request.isLookedAt(4, Duration.ZERO)).isFalse();
	}

	@Test
	void clientIsAskedOnceToSendNoMore() {
		this.request.stop();
		this.request.stop();
		assertThat(this.stream.stops()).containsExactly(Http3ErrorCode.H3_NO_ERROR.code());
		assertThat(this.request.isStopped()).isTrue();
		assertThat(this.request.isLookedAt(3, Duration.ZERO)).isTrue();
	}

	@Test
	void clientThatHasSentAllIsNotAsked() {
		this.stream.endInput();
		this.request.stop();
		assertThat(this.stream.stops()).isEmpty();
		assertThat(this.request.isStopped()).isFalse();
	}

	private Ruling accept(String content, boolean refused) {
		return this.request.acceptMessage(buffer(content), refused);
	}

	private static ByteBuf buffer(String content) {
		return Unpooled.copiedBuffer(HexFormat.of().parseHex(content));
	}

}
