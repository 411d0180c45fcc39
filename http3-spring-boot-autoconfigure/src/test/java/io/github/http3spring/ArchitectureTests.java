package io.github.http3spring;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

import org.springframework.context.annotation.Condition;

/**
 * The map of the packages: dependencies point one way,
 * {@code autoconfigure -> actuate, context, netty -> shutdown, server}.
 */
@AnalyzeClasses(packages = ArchitectureTests.ROOT, importOptions = ArchitectureTests.ProductionCode.class)
class ArchitectureTests {

	static final String ROOT = "io.github.http3spring";

	private static final String ACTUATE = ROOT + ".actuate..";

	private static final String AUTOCONFIGURE = ROOT + ".autoconfigure..";

	private static final String CONTEXT = ROOT + ".context..";

	private static final String NETTY = ROOT + ".netty..";

	private static final String SERVER = ROOT + ".server..";

	private static final String SHUTDOWN = ROOT + ".shutdown..";

	@ArchTest
	static final ArchRule packagesHaveNoCycles = SlicesRuleDefinition.slices()
		.matching(ROOT + ".(*)..")
		.should()
		.beFreeOfCycles()
		.allowEmptyShould(true);

	@ArchTest
	static final ArchRule shutdownDependsOnNoOtherPackage = noDependency(SHUTDOWN, ACTUATE, AUTOCONFIGURE, CONTEXT,
			NETTY, SERVER);

	@ArchTest
	static final ArchRule shutdownIsPure = noDependency(SHUTDOWN, "io.netty..", "reactor..", "org.reactivestreams..",
			"org.springframework..");

	@ArchTest
	static final ArchRule serverDependsOnNoOtherPackage = noDependency(SERVER, ACTUATE, AUTOCONFIGURE, CONTEXT, NETTY,
			SHUTDOWN);

	@ArchTest
	static final ArchRule nettyDependsOnShutdownAndServerOnly = noDependency(NETTY, ACTUATE, AUTOCONFIGURE, CONTEXT);

	@ArchTest
	static final ArchRule contextDoesNotDependOnItsSiblings = noDependency(CONTEXT, ACTUATE, AUTOCONFIGURE, NETTY);

	@ArchTest
	static final ArchRule actuateDoesNotDependOnItsSiblings = noDependency(ACTUATE, AUTOCONFIGURE, CONTEXT, NETTY);

	@ArchTest
	static final ArchRule quicCodecStaysInNettyAndCustomizers = ArchRuleDefinition.noClasses()
		.that()
		.resideOutsideOfPackage(NETTY)
		.and(DescribedPredicate.not(areCustomizersOfTheServer()))
		.should()
		.dependOnClassesThat()
		.resideInAPackage("io.netty.incubator..")
		.allowEmptyShould(true);

	@ArchTest
	static final ArchRule embeddedWebServersOfBootStayInNettyContextAndAutoconfigure = ArchRuleDefinition.noClasses()
		.that()
		.resideOutsideOfPackages(NETTY, CONTEXT, AUTOCONFIGURE)
		.should()
		.dependOnClassesThat()
		.resideInAPackage("org.springframework.boot.web.embedded..")
		.allowEmptyShould(true);

	@ArchTest
	static final ArchRule conditionsAreNotPublic = ArchRuleDefinition.classes()
		.that()
		.areAssignableTo(Condition.class)
		.should()
		.notBePublic()
		.allowEmptyShould(true);

	private static ArchRule noDependency(String from, String... to) {
		return ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage(from)
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(to)
			.allowEmptyShould(true);
	}

	private static DescribedPredicate<JavaClass> areCustomizersOfTheServer() {
		return JavaClass.Predicates.resideInAPackage(SERVER)
			.and(JavaClass.Predicates.simpleNameEndingWith("Customizer"))
			.as("are customizers of the server");
	}

	/**
	 * Leaves out tests and the other modules, which are free to use what they like.
	 */
	static final class ProductionCode implements ImportOption {

		private final ImportOption noTests = new DoNotIncludeTests();

		@Override
		public boolean includes(Location location) {
			return this.noTests.includes(location) && !location.contains("http3-wire-client");
		}

	}

}
