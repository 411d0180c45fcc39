package io.github.http3spring.netty.routing;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionIdLayout}.
 */
class ConnectionIdLayoutTests {

	private static final int MARK = 0xbeef;

	private static final int MASK = 0x9e3779b9;

	private static final byte[] SERVER_ID = HexFormat.of().parseHex("0102030405060708");

	private final Random random = new Random(1);

	private final ConnectionIdLayout layout = new ConnectionIdLayout(null, MARK, MASK);

	private final ConnectionIdLayout routable = new ConnectionIdLayout(new ServerId(SERVER_ID, 4, 5, null), MARK, MASK);

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 7, 255 })
	void idsCarryTheirWorker(int worker) {
		for (ConnectionIdLayout each : new ConnectionIdLayout[] { this.layout, this.routable }) {
			ByteBuffer id = create(each, worker);
			assertThat(id.remaining()).isEqualTo(each.length());
			assertThat(each.worker(packet(id), 1)).isEqualTo(worker);
			assertThat(each.isOwn(id)).isTrue();
		}
	}

	@Test
	void idsOfAnotherRunBelongToNoWorker() {
		ByteBuffer id = create(new ConnectionIdLayout(null, MARK + 1, MASK), 1);
		assertThat(this.layout.worker(packet(id), 1)).isEqualTo(ConnectionIdLayout.UNKNOWN);
		assertThat(this.layout.isOwn(id)).isFalse();
	}

	@Test
	void idOfAnotherLengthIsNotOurs() {
		assertThat(this.layout.isOwn(create(this.routable, 1))).isFalse();
		assertThat(this.layout.isOwn(ByteBuffer.allocate(0))).isFalse();
	}

	@Test
	void idsOfALoadBalancerBeginWithTheServerAndAreSixteenBytesWithEightForItAndAShortNonce() {
		ByteBuffer id = create(this.routable, 1);
		assertThat(id.remaining()).isEqualTo(16);
		assertThat(id.get(0) & 0xe0).isEqualTo(5 << 5);
		byte[] serverId = new byte[SERVER_ID.length];
		id.get(1, serverId);
		assertThat(serverId).isEqualTo(SERVER_ID);
	}

	@Test
	void idsOfAnEncryptedServerIdCarryTheirWorkerToo() {
		ConnectionIdLayout encrypted = new ConnectionIdLayout(new ServerId(SERVER_ID, 8, 0, new byte[16]), MARK, MASK);
		ByteBuffer id = create(encrypted, 3);
		assertThat(id.remaining()).isEqualTo(ConnectionIdLayout.MAX_LENGTH);
		assertThat(encrypted.worker(packet(id), 1)).isEqualTo(3);
		byte[] serverId = new byte[SERVER_ID.length];
		id.get(1, serverId);
		assertThat(serverId).isNotEqualTo(SERVER_ID);
	}

	@Test
	void nothingOfTwoIdsOfAWorkerIsTheSame() {
		ByteBuffer first = create(this.layout, 1);
		ByteBuffer second = create(this.layout, 1);
		assertThat(tag(first)).isNotEqualTo(tag(second));
	}

	@Test
	void kernelComesToTheSameWorker() {
		for (ConnectionIdLayout each : new ConnectionIdLayout[] { this.layout, this.routable }) {
			for (int worker = 0; worker < 100; worker++) {
				assertThat(run(WorkerFilter.create(each), packet(create(each, worker)))).isEqualTo(worker);
			}
		}
	}

	@Test
	void kernelLeavesLongHeadersWhereTheyArrive() {
		ByteBuf packet = packet(create(this.layout, 1)).setByte(0, 0xc0);
		assertThat(run(WorkerFilter.create(this.layout), packet)).isEqualTo(-1);
	}

	private ByteBuffer create(ConnectionIdLayout layout, int worker) {
		byte[] bytes = new byte[layout.randomLength()];
		this.random.nextBytes(bytes);
		return layout.create(worker, bytes);
	}

	private static ByteBuf packet(ByteBuffer id) {
		return Unpooled.buffer(40).writeByte(0x40).writeBytes(id.duplicate()).writeZero(19);
	}

	private static String tag(ByteBuffer id) {
		return HexFormat.of().formatHex(id.array(), id.limit() - 3, id.limit());
	}

	/**
	 * Run a program as the kernel does.
	 */
	private static int run(ByteBuffer program, ByteBuf packet) {
		int accumulator = 0;
		int index = 0;
		for (int line = 0;; line++) {
			int start = line * WorkerFilter.INSTRUCTION_SIZE;
			int operand = program.getInt(start + 4);
			switch (program.getShort(start)) {
				case 0x30:
					accumulator = packet.getUnsignedByte(operand);
					break;
				case 0x20:
					accumulator = packet.getInt(operand);
					break;
				case 0x45:
					line += program.get(start + (((accumulator & operand) != 0) ? 2 : 3));
					break;
				case 0x24:
					accumulator *= operand;
					break;
				case 0x74:
					accumulator >>>= operand;
					break;
				case 0x07:
					index = accumulator;
					break;
				case 0xac:
					accumulator ^= index;
					break;
				case 0x16:
					return accumulator;
				case 0x06:
					return operand;
				default:
					throw new IllegalArgumentException("line " + line);
			}
		}
	}

}
