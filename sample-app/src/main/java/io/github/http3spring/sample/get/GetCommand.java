package io.github.http3spring.sample.get;

import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.github.http3spring.sample.console.Progress;
import io.github.http3spring.wire.CloseFrame;
import io.github.http3spring.wire.ConnectionClosedException;
import io.github.http3spring.wire.StreamResetException;
import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireEvent;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireResponse;
import io.github.http3spring.wire.WireStream;

/**
 * Gets a URL over HTTP/3, and tells what it was like or why there is nothing.
 */
public final class GetCommand {

	private static final int ERROR_RESPONSE = 1;

	private static final int WRONG_USAGE = 2;

	private static final int NO_HTTP3 = 3;

	private static final int NOT_TRUSTED = 4;

	private static final int BROKEN_OFF = 5;

	/**
	 * CRYPTO_ERROR with the TLS alert no_application_protocol (RFC 9001 section 8.1).
	 */
	private static final long NO_APPLICATION_PROTOCOL = 0x178;

	/**
	 * CONNECTION_REFUSED (RFC 9000 section 20.1).
	 */
	private static final long CONNECTION_REFUSED = 0x02;

	private final PrintStream out;

	private final PrintStream err;

	/**
	 * Create the command.
	 * @param out where to print the response
	 * @param err where to print everything else
	 */
	public GetCommand(PrintStream out, PrintStream err) {
		this.out = out;
		this.err = err;
	}

	/**
	 * Run the command.
	 * @param arguments the command line
	 * @return the exit status
	 */
	public int run(List<String> arguments) {
		if (arguments.contains("--help")) {
			this.out.print(GetOptions.USAGE);
			return 0;
		}
		try (Progress progress = new Progress(this.err)) {
			return get(GetOptions.parse(arguments), progress);
		}
		catch (UsageException ex) {
			this.err.printf("%s%n%n%s", ex.getMessage(), GetOptions.USAGE);
			return WRONG_USAGE;
		}
		catch (GetFailure ex) {
			this.err.println(ex.getMessage());
			return ex.status();
		}
	}

	private int get(GetOptions options, Progress progress) {
		ServerTrust trust = options.insecure() ? ServerTrust.any(options.host())
				: ServerTrust.of(options.host(), options.authority());
		InetSocketAddress server = new InetSocketAddress(options.host(), options.port());
		if (server.isUnresolved()) {
			throw new GetFailure(NO_HTTP3, "No host is called '" + options.host() + "'.");
		}
		WireOptions wire = WireOptions.defaults()
			.withServerName(options.host())
			.withConnectTimeout(options.timeout())
			.withTrustManager(trust)
			.withEarlyData(options.resume())
			.withBodyLimit(Exchange.SHOWN);
		try (WireClient client = WireClient.create(wire)) {
			int status = print(exchange(client, server, options, trust, progress));
			if (options.resume()) {
				this.out.printf("%nOnce more:%n%n");
				status = print(exchange(client, server, options, trust, progress));
			}
			return (status < 400) ? 0 : ERROR_RESPONSE;
		}
	}

	private int print(Exchange exchange) {
		this.out.print(exchange.describe());
		this.out.println();
		this.out.println(exchange.describeConnection());
		return exchange.response().status();
	}

	private Exchange exchange(WireClient client, InetSocketAddress server, GetOptions options, ServerTrust trust,
			Progress progress) {
		int asked = trust.asked();
		progress.enter(() -> "no connection to " + server + " yet");
		try (WireConnection connection = connect(client, server, options, trust, progress)) {
			WireStream stream = connection.get(options.path());
			progress.enter(() -> (stream.bytesReceived() > 0) ? stream.bytesReceived() + " bytes have arrived so far"
					: "no response yet");
			WireResponse response = stream.response().join();
			return new Exchange(server, trust.asked() == asked, connection.events(), response);
		}
		catch (CompletionException ex) {
			throw new GetFailure(BROKEN_OFF, "The response has broken off: " + describe(ex.getCause()));
		}
	}

	private static WireConnection connect(WireClient client, InetSocketAddress server, GetOptions options,
			ServerTrust trust, Progress progress) {
		CompletableFuture<WireConnection> connection = client.connect(server);
		try {
			return connection.join();
		}
		catch (CompletionException ex) {
			String refusal = trust.refusal();
			if (refusal != null) {
				throw new GetFailure(NOT_TRUSTED, refusal);
			}
			CloseFrame close = (ex.getCause() instanceof ConnectionClosedException closed) ? closed.closeFrame() : null;
			if (close != null && !close.application() && close.errorCode() != NO_APPLICATION_PROTOCOL) {
				throw new GetFailure(BROKEN_OFF, "There is no connection: " + describe(ex.getCause()));
			}
			String where = options.host() + ":" + options.port();
			if (close != null) {
				throw new GetFailure(NO_HTTP3, "The server at " + where + " speaks QUIC but not HTTP/3 ("
						+ "TLS alert no_application_protocol).");
			}
			progress.enter(() -> "nobody answers over UDP, asking over TCP");
			throw new GetFailure(NO_HTTP3, "Nobody speaks HTTP/3 at " + where + ": no answer over UDP within "
					+ options.timeout().toMillis() + " ms. " + TcpProbe.ask(options.uri()));
		}
	}

	private static String describe(Throwable failure) {
		if (failure instanceof StreamResetException reset) {
			return "the server has reset it with code 0x%x.".formatted(reset.code());
		}
		if (failure instanceof ConnectionClosedException closed) {
			CloseFrame frame = closed.closeFrame();
			if (frame != null) {
				boolean refused = !frame.application() && frame.errorCode() == CONNECTION_REFUSED;
				return "the server has closed the connection with code 0x%x%s.".formatted(frame.errorCode(),
						refused ? " (CONNECTION_REFUSED: it is full, or shutting down)" : "");
			}
			if (closed.type() == WireEvent.Type.IDLE_TIMEOUT) {
				return "the server has been silent for too long.";
			}
		}
		return failure.getMessage() + ".";
	}

}
