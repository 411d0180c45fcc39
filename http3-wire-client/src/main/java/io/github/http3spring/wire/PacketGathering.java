package io.github.http3spring.wire;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;

import io.netty.incubator.codec.quic.QuicChannel;

/**
 * Makes the codec put what is written one after the other into the same packet, as it
 * does while it reads. Reaches into the codec, which has no public way to.
 */
final class PacketGathering {

	private static final MethodHandle BEGIN;

	private static final MethodHandle END;

	static {
		try {
			Class<?> type = Class.forName("io.netty.incubator.codec.quic.QuicheQuicChannel", true,
					QuicChannel.class.getClassLoader());
			Lookup lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
			BEGIN = lookup.findVirtual(type, "markInFireChannelReadCompleteQueue",
					MethodType.methodType(boolean.class));
			END = lookup.findVirtual(type, "recvComplete", MethodType.methodType(void.class));
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private PacketGathering() {
	}

	static void begin(QuicChannel channel) {
		try {
			BEGIN.invoke(channel);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	static void end(QuicChannel channel) {
		try {
			END.invoke(channel);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

}
