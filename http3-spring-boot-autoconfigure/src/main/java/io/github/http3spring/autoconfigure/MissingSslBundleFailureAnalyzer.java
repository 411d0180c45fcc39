package io.github.http3spring.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.web.server.Ssl;
import org.springframework.core.env.Environment;

/**
 * Says which property of the servers names an SSL bundle that does not exist.
 */
class MissingSslBundleFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchSslBundleException> {

	private final Environment environment;

	MissingSslBundleFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, NoSuchSslBundleException cause) {
		List<String> properties = bundles().entrySet()
			.stream()
			.filter((bundle) -> cause.getBundleName().equals(bundle.getValue()))
			.map((bundle) -> "'" + bundle.getKey() + "'")
			.toList();
		if (properties.isEmpty()) {
			return null;
		}
		return new FailureAnalysis(
				"There is no SSL bundle '" + cause.getBundleName() + "', which " + String.join(" and ", properties)
						+ " asks for.",
				"Configure it as 'spring.ssl.bundle.pem." + cause.getBundleName() + "' or 'spring.ssl.bundle.jks."
						+ cause.getBundleName() + "', or set " + String.join(" and ", properties)
						+ " to a bundle that exists.",
				cause);
	}

	/**
	 * Return the names of the bundles by the properties that they come from.
	 */
	private Map<String, String> bundles() {
		Map<String, String> bundles = new LinkedHashMap<>();
		bundles.put("http3.server.ssl.bundle", this.environment.getProperty("http3.server.ssl.bundle"));
		Ssl ssl = Binder.get(this.environment).bindOrCreate("server.ssl", Ssl.class);
		bundles.put("server.ssl.bundle", ssl.getBundle());
		for (int index = 0; index < ssl.getServerNameBundles().size(); index++) {
			bundles.put("server.ssl.server-name-bundles[" + index + "].bundle",
					ssl.getServerNameBundles().get(index).bundle());
		}
		return bundles;
	}

}
