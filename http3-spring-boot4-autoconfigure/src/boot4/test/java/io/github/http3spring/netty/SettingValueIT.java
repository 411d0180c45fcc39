package io.github.http3spring.netty;

import java.util.HexFormat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Settings whose value the codec of Netty 4.2 looks at, while the one before it does not.
 */
class SettingValueIT {

	/**
	 * H3_SETTINGS_ERROR.
	 */
	private static final int SETTINGS_ERROR = 0x109;

	@ParameterizedTest
	@CsvSource({ "0004023302, H3_DATAGRAM", "0004020802, ENABLE_CONNECT_PROTOCOL" })
	void settingThatIsNeitherOnNorOffClosesTheConnection(String controlStream, String what) throws Exception {
		try (TestServer server = TestServer.start()) {
			assertThat(QuicPeer.errorCode(server.address().getPort(), HexFormat.of().parseHex(controlStream))).as(what)
				.isEqualTo(SETTINGS_ERROR);
		}
	}

}
