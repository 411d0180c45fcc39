package io.github.http3spring.sample.get;

import java.security.cert.X509Certificate;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CertificateNames}.
 */
class CertificateNamesTests {

	private static final int DNS_NAME = 2;

	private static final int IP_ADDRESS = 7;

	@ParameterizedTest
	@CsvSource({ "localhost, true", "LOCALHOST, true", "a.example.org, true", "A.Example.org, true",
			"example.org, false", "a.b.example.org, false", ".example.org, false", "127.0.0.1, true",
			"127.0.0.2, false", "[::1], true", "[::2], false", "other, false" })
	void hostIsIncludedByNameWildcardOrAddress(String host, boolean included) throws Exception {
		assertThat(names().include(host)).isEqualTo(included);
	}

	@Test
	void certificateWithoutNamesIsForNobody() throws Exception {
		CertificateNames names = new CertificateNames(Mockito.mock(X509Certificate.class));
		assertThat(names.include("localhost")).isFalse();
		assertThat(names).hasToString("nobody");
	}

	@Test
	void allAreListed() throws Exception {
		assertThat(names()).hasToString("localhost, *.example.org, 127.0.0.1, 0:0:0:0:0:0:0:1");
	}

	private static CertificateNames names() throws Exception {
		X509Certificate certificate = Mockito.mock(X509Certificate.class);
		BDDMockito.given(certificate.getSubjectAlternativeNames())
			.willReturn(List.of(List.of(DNS_NAME, "localhost"), List.of(DNS_NAME, "*.example.org"),
					List.of(IP_ADDRESS, "127.0.0.1"), List.of(IP_ADDRESS, "0:0:0:0:0:0:0:1"), List.of(6, "uri:x")));
		return new CertificateNames(certificate);
	}

}
