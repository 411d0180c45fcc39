package io.github.http3spring.netty;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.http3spring.wire.Direction;
import io.github.http3spring.wire.UdpProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Prints how many downloads of other stacks are whole, over networks that do to them what
 * makes addresses change. Not part of the build: it needs Chromium, quic-go, Deno and
 * gtlsclient. System properties: {@code migration.table} is the number of runs of each
 * cell, {@code migration.limits}, {@code migration.clients} and {@code migration.active}
 * are lists to choose from, and {@code migration.modules} is a directory with
 * {@code playwright-core} and {@code deno}.
 */
@EnabledIfSystemProperty(named = "migration.table", matches = "\\d+")
class MigrationTableIT {

	private static final int RUNS = Integer.getInteger("migration.table", 1);

	private static final int SIZE = 10_000_000;

	private static final Path CLIENTS = Path.of("src/test/clients");

	/**
	 * Clients that read at a pace, here at full speed.
	 */
	private static final Path READERS = Path.of("../sample-app/src/test/clients");

	private static final String MODULES = System.getProperty("migration.modules", "node_modules");

	@TempDir
	private Path directory;

	@Test
	void downloadsOfOtherStacks() throws Exception {
		Certificate certificate = TestServer.SSL_BUNDLE.getStores().getKeyStore().getCertificate("server");
		Files.writeString(this.directory.resolve("server.pem"), "-----BEGIN CERTIFICATE-----\n"
				+ Base64.getMimeEncoder().encodeToString(certificate.getEncoded()) + "\n-----END CERTIFICATE-----\n");
		String hash = Base64.getEncoder()
			.encodeToString(MessageDigest.getInstance("SHA-256").digest(certificate.getPublicKey().getEncoded()));
		Map<String, Network> networks = new LinkedHashMap<>();
		networks.put("outage of 0.9 s", MigrationTableIT::outage);
		networks.put("20 changes of the address", MigrationTableIT::rebinding);
		networks.put("30 % reordered", (proxy) -> {
			proxy.reorder(Direction.TO_CLIENT, 0.3);
			proxy.reorder(Direction.TO_SERVER, 0.3);
		});
		int whole = 0;
		for (String client : list("migration.clients", "chromium,quic-go,quinn,ngtcp2")) {
			for (String migration : list("migration.active", "true,false")) {
				for (String limit : list("migration.limits", "4,64")) {
					StringBuilder row = new StringBuilder("| " + client + " | " + migration + " | " + limit + " |");
					for (Network network : networks.values()) {
						int complete = whole(client, Boolean.parseBoolean(migration), Long.parseLong(limit), network,
								hash);
						whole += complete;
						row.append(" " + complete + " of " + RUNS + " |");
					}
					System.out.println(row);
				}
			}
		}
		assertThat(whole).isPositive();
	}

	private int whole(String client, boolean migration, long limit, Network network, String hash) throws Exception {
		int whole = 0;
		for (int run = 0; run < RUNS; run++) {
			whole += isWhole(client, migration, limit, network, hash) ? 1 : 0;
		}
		return whole;
	}

	private static List<String> list(String property, String all) {
		return Arrays.asList(System.getProperty(property, all).split(","));
	}

	private boolean isWhole(String client, boolean migration, long limit, Network network, String hash)
			throws Exception {
		File output = this.directory.resolve("output").toFile();
		try (TestServer server = TestServer.start("http3.server.quic.active-migration=" + migration,
				"http3.server.quic.active-connection-id-limit=" + limit);
				UdpProxy proxy = UdpProxy.to(server.address())) {
			proxy.delay(Direction.TO_CLIENT, Duration.ofMillis(10), Duration.ZERO);
			int requests = client.equals("chromium") ? 2 : 1;
			Process process = client(client, proxy.address().getPort(), hash).redirectErrorStream(true)
				.redirectOutput(output)
				.start();
			try {
				await().atMost(Duration.ofSeconds(30)).until(() -> server.started() >= requests || !process.isAlive());
				TimeUnit.MILLISECONDS.sleep(100);
				network.apply(proxy);
				process.waitFor(20, TimeUnit.SECONDS);
			}
			finally {
				process.descendants().forEach(ProcessHandle::destroyForcibly);
				process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
			}
		}
		String text = Files.readString(output.toPath());
		Files.deleteIfExists(this.directory.resolve(String.valueOf(SIZE)));
		boolean whole = text.contains("read " + SIZE);
		if (!whole) {
			System.out.println("# " + client + ": " + text.substring(Math.max(0, text.length() - 300)).strip());
		}
		return whole;
	}

	private ProcessBuilder client(String client, int port, String hash) {
		String path = "/bytes/" + SIZE;
		String url = "https://localhost:" + port + path;
		ProcessBuilder builder = switch (client) {
			case "chromium" -> new ProcessBuilder("node", CLIENTS.resolve("chromium.mjs").toString(),
					String.valueOf(port), path, hash);
			case "quic-go" -> new ProcessBuilder("go", "run", READERS.resolve("quic-go/reader.go").toString(), url);
			case "quinn" -> new ProcessBuilder(MODULES + "/.bin/deno", "run", "-A", "--unstable-net",
					READERS.resolve("quinn/reader.mjs").toString(), String.valueOf(port), path, "0", "0", "0",
					this.directory.resolve("server.pem").toString());
			default -> new ProcessBuilder("sh", "-c",
					"gtlsclient -q --exit-on-all-streams-close --download=" + this.directory + " 127.0.0.1 " + port
							+ " " + url + "; echo read $(stat -c %s " + this.directory.resolve(String.valueOf(SIZE))
							+ ")");
		};
		builder.environment().put("GO111MODULE", "off");
		builder.environment().put("GOPATH", "/usr/share/gocode");
		builder.environment().put("NODE_MODULES", Path.of(MODULES).toAbsolutePath().toString());
		return builder;
	}

	private static void outage(UdpProxy proxy) throws InterruptedException {
		proxy.dropAll(Direction.TO_CLIENT);
		proxy.dropAll(Direction.TO_SERVER);
		TimeUnit.MILLISECONDS.sleep(900);
		proxy.pass(Direction.TO_CLIENT);
		proxy.pass(Direction.TO_SERVER);
	}

	/**
	 * Change the address, but never twice without a packet of the client's in between: a
	 * client that reads has nothing to send while it gets nothing, and if all that is on
	 * its way to it is lost, nobody can find it.
	 */
	private static void rebinding(UdpProxy proxy) throws InterruptedException {
		for (int change = 0; change < 20; change++) {
			long heard = proxy.forwarded(Direction.TO_SERVER);
			proxy.rebind(Duration.ofSeconds(1));
			TimeUnit.MILLISECONDS.sleep(50);
			for (int wait = 0; wait < 50 && proxy.forwarded(Direction.TO_SERVER) == heard; wait++) {
				TimeUnit.MILLISECONDS.sleep(20);
			}
		}
	}

	/**
	 * What a network does during a download.
	 */
	@FunctionalInterface
	private interface Network {

		void apply(UdpProxy proxy) throws InterruptedException;

	}

}
