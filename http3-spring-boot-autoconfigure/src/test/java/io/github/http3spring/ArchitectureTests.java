package io.github.http3spring;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.netty.incubator.codec.http3.Http3;
import io.netty.incubator.codec.quic.QuicChannel;

import org.springframework.context.annotation.Condition;

/**
 * The map of the packages: dependencies point one way,
 * {@code autoconfigure -> actuate, web, context, netty -> server -> shutdown} and
 * {@code autoconfigure -> development}, and so they do between the rooms of
 * {@code netty}. A rule that selects no class fails.
 */
@AnalyzeClasses(packages = ArchitectureTests.ROOT, importOptions = ArchitectureTests.ProductionCode.class)
class ArchitectureTests {

	static final String ROOT = "io.github.http3spring";

	private static final String ACTUATE = ROOT + ".actuate..";

	private static final String AUTOCONFIGURE = ROOT + ".autoconfigure..";

	private static final String CONTEXT = ROOT + ".context..";

	private static final String DEVELOPMENT = ROOT + ".development..";

	private static final String NETTY = ROOT + ".netty..";

	private static final String SERVER = ROOT + ".server..";

	private static final String SHUTDOWN = ROOT + ".shutdown..";

	private static final String WEB = ROOT + ".web..";

	private static final Set<String> OPTIONALS = Set.of(Optional.class.getName(), OptionalInt.class.getName(),
			OptionalLong.class.getName(), OptionalDouble.class.getName());

	@ArchTest
	static final ArchRule packagesHaveNoCycles = SlicesRuleDefinition.slices()
		.matching(ROOT + ".(*)..")
		.should()
		.beFreeOfCycles();

	@ArchTest
	static final ArchRule roomsOfNettyHaveNoCycles = SlicesRuleDefinition.slices()
		.matching(ROOT + ".netty.(*)")
		.should()
		.beFreeOfCycles();

	@ArchTest
	static final ArchRule shutdownDependsOnNoOtherPackage = noDependency(SHUTDOWN, ACTUATE, AUTOCONFIGURE, CONTEXT,
			NETTY, SERVER, WEB);

	@ArchTest
	static final ArchRule developmentIsOfTheJdkAlone = noDependency(DEVELOPMENT, ACTUATE, AUTOCONFIGURE, CONTEXT, NETTY,
			SERVER, SHUTDOWN, WEB, "io.netty..", "reactor..", "org.springframework..");

	@ArchTest
	static final ArchRule shutdownIsPure = noDependency(SHUTDOWN, "io.netty..", "reactor..", "org.reactivestreams..",
			"org.springframework..");

	@ArchTest
	static final ArchRule serverDependsOnTheStatesOfShutdownOnly = noDependency(SERVER, ACTUATE, AUTOCONFIGURE, CONTEXT,
			NETTY, WEB);

	@ArchTest
	static final ArchRule nettyDependsOnShutdownAndServerOnly = noDependency(NETTY, ACTUATE, AUTOCONFIGURE, CONTEXT,
			WEB);

	@ArchTest
	static final ArchRule contextDoesNotDependOnItsSiblings = noDependency(CONTEXT, ACTUATE, AUTOCONFIGURE, NETTY, WEB);

	@ArchTest
	static final ArchRule webDependsOnContextAndServerOnly = noDependency(WEB, ACTUATE, AUTOCONFIGURE, NETTY, SHUTDOWN);

	@ArchTest
	static final ArchRule actuateDoesNotDependOnItsSiblings = noDependency(ACTUATE, AUTOCONFIGURE, CONTEXT, NETTY, WEB);

	@ArchTest
	static final ArchRule roomsOfNettyDoNotDependOnTheServerAboveThem = noDependency(ROOT + ".netty.*..",
			ROOT + ".netty");

	@ArchTest
	static final ArchRule requestsKnowNothingOfTheirConnection = noDependency(room("request"), room("connection"),
			room("handler"), room("path"), room("udp"), room("tls"));

	@ArchTest
	static final ArchRule protocolIsPure = noDependency(room("protocol"), room("connection"), room("handler"),
			room("path"), room("request"), room("settings"), room("stack"), room("tls"), room("udp"));

	@ArchTest
	static final ArchRule routingIsPure = noDependency(room("routing"), room("connection"), room("handler"),
			room("path"), room("protocol"), room("request"), room("settings"), room("stack"), room("tls"), room("udp"));

	@ArchTest
	static final ArchRule theSocketKnowsNothingOfItsConnections = noDependency(room("udp"), room("connection"),
			room("handler"), room("path"), room("request"));

	@ArchTest
	static final ArchRule stackIsUsedByAllAndUsesNone = noDependency(room("stack"), room("connection"), room("handler"),
			room("path"), room("protocol"), room("request"), room("settings"), room("tls"), room("udp"));

	@ArchTest
	static final ArchRule outsideNettyOnlyItsDoorIsNamed = ArchRuleDefinition.noClasses()
		.that()
		.resideOutsideOfPackage(NETTY)
		.should()
		.dependOnClassesThat(JavaClass.Predicates.resideInAPackage(NETTY)
			.and(DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage(room("settings"), room("tls"))))
			.and(DescribedPredicate.not(JavaClass.Predicates.simpleName("NettyHttp3ServerFactory"))));

	@ArchTest
	static final ArchRule privatePartsOfTheStackAreReachedInOnePlace = ArchRuleDefinition.noClasses()
		.that()
		.resideOutsideOfPackage(room("stack"))
		.should()
		.callMethod(Class.class, "forName", String.class)
		.orShould()
		.callMethod(Class.class, "forName", String.class, boolean.class, ClassLoader.class)
		.orShould()
		.callMethod(MethodHandles.class, "privateLookupIn", Class.class, MethodHandles.Lookup.class)
		.orShould()
		.callMethod(Field.class, "setAccessible", boolean.class)
		.orShould()
		.callMethod(Method.class, "setAccessible", boolean.class);

	@ArchTest
	static final ArchRule quicCodecStaysInNettyAndCustomizers = ArchRuleDefinition.noClasses()
		.that()
		.resideOutsideOfPackage(NETTY)
		.and(DescribedPredicate.not(areCustomizersOfTheServer()))
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage(Http3.class.getPackageName(), QuicChannel.class.getPackageName());

	@ArchTest
	static final ArchRule embeddedWebServersOfBootStayInNettyContextAndAutoconfigure = ArchRuleDefinition.noClasses()
		.that()
		.resideOutsideOfPackages(NETTY, CONTEXT, AUTOCONFIGURE)
		.should()
		.dependOnClassesThat()
		.resideInAPackage("org.springframework.boot.web.embedded..");

	@ArchTest
	static final ArchRule conditionsAreNotPublic = ArchRuleDefinition.classes()
		.that()
		.areAssignableTo(Condition.class)
		.should()
		.notBePublic();

	/**
	 * What may be missing is {@code @Nullable}, or a method returns an {@code Optional}.
	 */
	@ArchTest
	static final ArchRule optionalIsForReturnTypesOnly = ArchRuleDefinition.codeUnits()
		.that(areNotCompiledFromLambdas())
		.should(new ArchCondition<>("have no optional parameter") {

			@Override
			public void check(JavaCodeUnit codeUnit, ConditionEvents events) {
				boolean optional = codeUnit.getRawParameterTypes()
					.stream()
					.anyMatch((type) -> OPTIONALS.contains(type.getName()));
				events.add(new SimpleConditionEvent(codeUnit, !optional, codeUnit.getDescription()));
			}

		});

	private static String room(String name) {
		return ROOT + ".netty." + name + "..";
	}

	private static ArchRule noDependency(String from, String... to) {
		return ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage(from)
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(to);
	}

	private static DescribedPredicate<JavaCodeUnit> areNotCompiledFromLambdas() {
		return DescribedPredicate.describe("are not compiled from lambdas",
				(codeUnit) -> !codeUnit.getName().startsWith("lambda$"));
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
			return this.noTests.includes(location) && !location.contains("wire-client");
		}

	}

}
