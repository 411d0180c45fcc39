package io.github.http3spring.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

import io.github.http3spring.netty.PacketFuzz;
import io.github.http3spring.netty.StreamFuzz;
import io.github.http3spring.netty.protocol.FrameFuzz;
import io.github.http3spring.netty.protocol.RequestFieldsFuzz;
import io.github.http3spring.netty.protocol.UnidirectionalStreamFuzz;
import io.github.http3spring.netty.routing.ConnectionIdFuzz;
import io.github.http3spring.netty.udp.FirstPacketFuzz;
import io.github.http3spring.netty.udp.HandshakeFuzz;
import io.github.http3spring.netty.udp.TokenFuzz;

/**
 * What is fuzzed. Each has a corpus of inputs that once made a difference, in
 * {@code src/test/resources/fuzz}: one in each line, in hexadecimal.
 */
enum FuzzTarget {

	FIRST_PACKETS(FirstPacketFuzz::run, false),

	TOKENS(TokenFuzz::run, false),

	CONNECTION_IDS(ConnectionIdFuzz::run, false),

	FRAMES(FrameFuzz::run, false),

	UNIDIRECTIONAL_STREAMS(UnidirectionalStreamFuzz::run, false),

	REQUEST_FIELDS(RequestFieldsFuzz::run, false),

	/** Streams of a connection to a running server. */
	SERVER_STREAMS(StreamFuzz::run, true),

	/** Packets of a connection to a running server. */
	SERVER_PACKETS(PacketFuzz::run, true),

	/** Handshakes with a running server, and datagrams of anybody. */
	SERVER_HANDSHAKES(HandshakeFuzz::run, true);

	private final Consumer<byte[]> run;

	private final boolean server;

	FuzzTarget(Consumer<byte[]> run, boolean server) {
		this.run = run;
		this.server = server;
	}

	/**
	 * Try an input, and fail if something goes wrong.
	 */
	void run(byte[] input) {
		this.run.accept(input);
	}

	/**
	 * Return whether there is a running server.
	 */
	boolean hasServer() {
		return this.server;
	}

	/**
	 * Return the name of the corpus.
	 */
	String fileName() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-') + ".txt";
	}

	/**
	 * Return the inputs that are kept.
	 */
	List<byte[]> corpus() {
		try (InputStream in = FuzzTarget.class.getResourceAsStream("/fuzz/" + fileName())) {
			if (in == null) {
				throw new IllegalStateException("There is no corpus " + fileName());
			}
			return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
				.filter((line) -> !line.startsWith("#"))
				.map(HexFormat.of()::parseHex)
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
