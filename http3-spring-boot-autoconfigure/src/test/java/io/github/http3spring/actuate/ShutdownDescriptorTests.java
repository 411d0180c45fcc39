package io.github.http3spring.actuate;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.http3spring.server.ConnectionCounts;
import io.github.http3spring.server.Http3ServerTotals;
import io.github.http3spring.server.RequestCounts;
import io.github.http3spring.server.ShutdownVerdict;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ShutdownDescriptor} and {@link TotalsDescriptor}, which show the same
 * counts.
 */
class ShutdownDescriptorTests {

	private final ObjectMapper mapper = JsonMapper.builder().findAndAddModules().build();

	private final ConnectionCounts connections = new ConnectionCounts(1, 2, 3, 4, 5, 6, 7, 8);

	private final RequestCounts requests = new RequestCounts(10, 11, 12, 13, 14);

	@Test
	void verdictAndTotalsHaveOneShape() {
		JsonNode verdict = this.mapper.valueToTree(ShutdownDescriptor
			.of(new ShutdownVerdict(Duration.ofSeconds(1), this.connections, this.requests, List.of()), Values.SHOWN));
		JsonNode totals = this.mapper.valueToTree(
				TotalsDescriptor.of(new Http3ServerTotals(this.connections, this.requests, 9, 1, Duration.ZERO)));
		assertThat(verdict.get("connections")).isEqualTo(totals.get("connections"));
		assertThat(verdict.get("requests")).isEqualTo(totals.get("requests"));
		assertThat(verdict.get("lossless").asBoolean(true)).isFalse();
		assertThat(totals.get("goAwaysSent").asInt()).isEqualTo(9);
	}

	@Test
	void everyCountIsShownByItsName() {
		JsonNode totals = this.mapper.valueToTree(
				TotalsDescriptor.of(new Http3ServerTotals(this.connections, this.requests, 9, 1, Duration.ZERO)));
		assertThat((Object) this.mapper.convertValue(totals.get("connections"), Map.class))
			.isEqualTo(this.mapper.convertValue(this.connections.byName(), Map.class));
		assertThat((Object) this.mapper.convertValue(totals.get("requests"), Map.class))
			.isEqualTo(this.mapper.convertValue(this.requests.byName(), Map.class));
	}

}
