package io.github.http3spring.netty.routing;

import java.nio.ByteBuffer;
import java.util.Arrays;

import io.github.http3spring.fuzz.FuzzInput;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connection ids of each layout: those that were given out name their worker, and those
 * with another mark name none.
 */
public final class ConnectionIdFuzz {

	private ConnectionIdFuzz() {
	}

	/**
	 * Take a layout, a worker, random bytes, and a bit to change.
	 */
	public static void run(byte[] bytes) {
		FuzzInput input = new FuzzInput(bytes);
		int idLength = input.below(13);
		byte[] serverIdBytes = Arrays.copyOf(input.nextBytes(idLength), idLength);
		int nonceLength = ServerId.MIN_NONCE_LENGTH + input.below(13 - idLength);
		int configRotation = input.below(ServerId.MAX_CONFIG_ROTATION + 1);
		byte[] key = ((input.next() & 1) != 0) ? Arrays.copyOf(bytes, ServerId.KEY_LENGTH) : null;
		ServerId serverId = (idLength > 0) ? new ServerId(serverIdBytes, nonceLength, configRotation, key) : null;
		ConnectionIdLayout layout = new ConnectionIdLayout(serverId, input.nextInt(), input.nextInt());
		assertThat(layout.length()).isLessThanOrEqualTo(ConnectionIdLayout.MAX_LENGTH);
		int worker = input.next();
		ByteBuffer id = layout.create(worker, Arrays.copyOf(input.nextBytes(20), layout.randomLength()));
		assertThat(id.remaining()).isEqualTo(layout.length());
		int offset = input.below(4);
		ByteBuf packet = Unpooled.buffer().writeZero(offset).writeBytes(id.duplicate());
		assertThat(layout.worker(packet, offset)).isEqualTo(worker);
		assertThat(layout.isOwn(id)).isTrue();
		int last = offset + layout.length() - 1 - input.below(2);
		packet.setByte(last, packet.getByte(last) ^ 1 << input.below(8));
		assertThat(layout.worker(packet, offset)).isEqualTo(ConnectionIdLayout.UNKNOWN);
		assertThat(layout.isOwn(packet.nioBuffer(offset, layout.length()))).isFalse();
		// Ids of another length are those of clients
		byte[] other = input.rest();
		if (other.length != layout.length()) {
			assertThat(layout.isOwn(ByteBuffer.wrap(other))).isFalse();
		}
	}

}
