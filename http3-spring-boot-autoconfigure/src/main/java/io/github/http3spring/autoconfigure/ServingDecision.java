package io.github.http3spring.autoconfigure;

import java.lang.reflect.Method;

import io.github.http3spring.server.Http3Server;
import io.github.http3spring.server.MissingTlsException;
import io.github.http3spring.web.AltSvcWebFilter;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.AotDetector;
import org.springframework.beans.FatalBeanException;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.core.env.Environment;

/**
 * Decides, when the application starts, whether it serves HTTP/3, and says why if it does
 * not. An application that was processed ahead of time has all beans of HTTP/3, because
 * the configuration of its deployment was not known: those that do not apply are taken
 * out before any is created.
 */
final class ServingDecision implements BeanFactoryPostProcessor, ApplicationContextAware {

	private static final Log logger = LogFactory.getLog(ServingDecision.class);

	private @Nullable ApplicationContext applicationContext;

	@Override
	public void setApplicationContext(ApplicationContext applicationContext) {
		this.applicationContext = applicationContext;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		ApplicationContext context = this.applicationContext;
		if (context != null && !DeploymentCondition.isProcessingAheadOfTime()) {
			new Prerequisites(context).unmet(hasOwnServer(beanFactory))
				.ifPresentOrElse((unserved) -> abstain(unserved, beanFactory),
						() -> serve(context.getEnvironment(), beanFactory));
		}
	}

	private static void abstain(Unserved unserved, ConfigurableListableBeanFactory beanFactory) {
		if (unserved.failing()) {
			throw new FatalBeanException(unserved.toString(), new MissingTlsException());
		}
		removeIfProcessedAheadOfTime(beanFactory, Object.class);
		unserved.level().log(logger, unserved);
	}

	private static void serve(Environment environment, ConfigurableListableBeanFactory beanFactory) {
		if (!OnAltSvcCondition.matches(environment)) {
			removeIfProcessedAheadOfTime(beanFactory, AltSvcWebFilter.class);
		}
	}

	private static boolean hasOwnServer(ConfigurableListableBeanFactory beanFactory) {
		for (String name : beanFactory.getBeanNamesForType(Http3Server.class, true, false)) {
			if (declaringClass(beanFactory, name) != Http3ServerConfiguration.ServerConfiguration.class) {
				return true;
			}
		}
		return false;
	}

	private static void removeIfProcessedAheadOfTime(ConfigurableListableBeanFactory beanFactory, Class<?> type) {
		if (AotDetector.useGeneratedArtifacts() && beanFactory instanceof BeanDefinitionRegistry registry) {
			for (String name : beanFactory.getBeanNamesForType(type, true, false)) {
				Class<?> declaringClass = declaringClass(beanFactory, name);
				if (declaringClass != null && isConditionalOnDeployment(declaringClass)) {
					registry.removeBeanDefinition(name);
				}
			}
		}
	}

	private static boolean isConditionalOnDeployment(Class<?> declaringClass) {
		return declaringClass.getPackage() == ServingDecision.class.getPackage()
				&& declaringClass != Http3ShutdownSignalAutoConfiguration.class;
	}

	/**
	 * Return the class whose method makes a bean.
	 */
	private static @Nullable Class<?> declaringClass(ConfigurableListableBeanFactory beanFactory, String name) {
		Method method = (beanFactory.containsBeanDefinition(name)
				&& beanFactory.getMergedBeanDefinition(name) instanceof RootBeanDefinition definition)
						? definition.getResolvedFactoryMethod() : null;
		return (method != null) ? method.getDeclaringClass() : null;
	}

}
