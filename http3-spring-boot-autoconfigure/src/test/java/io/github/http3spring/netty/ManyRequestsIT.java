package io.github.http3spring.netty;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.management.JMException;
import javax.management.ObjectName;

import io.github.http3spring.wire.WireClient;
import io.github.http3spring.wire.WireConnection;
import io.github.http3spring.wire.WireOptions;
import io.github.http3spring.wire.WireStream;
import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static io.github.http3spring.TestFutures.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * Ordinary requests, very many of them on one connection.
 * <p>
 * {@code -Drequests.count=100000} makes them more.
 */
class ManyRequestsIT {

	/**
	 * More than may be left without their end.
	 */
	private static final int REQUESTS = Integer.getInteger("requests.count", 1500);

	private static final int AT_ONCE = 50;

	private static final WireOptions CLIENT = WireOptions.defaults().withRecordStreamEvents(false);

	/**
	 * Lines of a histogram, such as {@code 12: 5 600 java.lang.String}.
	 */
	private static final Pattern STREAM_CHANNELS = Pattern
		.compile("(\\d+) +\\d+ +io\\.netty\\.incubator\\.codec\\.quic\\.QuicheQuicStreamChannel\\s");

	private final ResourceLeakDetector.Level leakLevel = ResourceLeakDetector.getLevel();

	/**
	 * Which takes more time than all else here.
	 */
	@BeforeEach
	void trackNoBuffers() {
		ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
	}

	@AfterEach
	void trackBuffersAgain() {
		ResourceLeakDetector.setLevel(this.leakLevel);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("shapes")
	void eachIsServedAndLeavesNothing(Function<WireConnection, WireStream> shape) throws Exception {
		try (TestServer server = TestServer.start(); WireClient client = WireClient.create(CLIENT)) {
			WireConnection connection = get(client.connect(server.address()));
			for (int number = 0; number < REQUESTS; number += AT_ONCE) {
				List<WireStream> requests = new ArrayList<>();
				for (int more = 0; more < AT_ONCE; more++) {
					requests.add(shape.apply(connection));
				}
				for (WireStream request : requests) {
					assertThat(get(request.response()).status()).isEqualTo(200);
				}
			}
			assertThat(connection.goAwayIds()).isEmpty();
			assertThat(connection.closed()).isNotDone();
			assertThat(server.server().getTotals().requests().completed()).isEqualTo(REQUESTS);
			await().untilAsserted(() -> assertThat(streamChannels()).as("stream channels").isLessThan(AT_ONCE));
		}
	}

	static Stream<Named<Function<WireConnection, WireStream>>> shapes() {
		return Stream.of(
				Named.of("GET whose header section comes with the end", (connection) -> connection.get("/hello")),
				Named.of("GET whose end comes alone", (connection) -> {
					WireStream stream = connection.request("GET", "/hello", Map.of());
					stream.finish();
					return stream;
				}),
				Named.of("POST whose content comes with the end",
						(connection) -> connection.post("/count", new byte[10])),
				Named.of("POST that is not read", (connection) -> connection.post("/unread?millis=1", new byte[10])));
	}

	/**
	 * Return how many channels of streams there are in this process: few of the client,
	 * and those that the server keeps.
	 */
	private static int streamChannels() {
		try {
			String histogram = (String) ManagementFactory.getPlatformMBeanServer()
				.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
						new Object[] { new String[0] }, new String[] { String[].class.getName() });
			Matcher line = STREAM_CHANNELS.matcher(histogram);
			return line.find() ? Integer.parseInt(line.group(1)) : 0;
		}
		catch (JMException ex) {
			assumeThat(ex).as("a virtual machine that counts").isNull();
			return 0;
		}
	}

}
