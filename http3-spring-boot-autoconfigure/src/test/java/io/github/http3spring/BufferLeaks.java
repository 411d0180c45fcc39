package io.github.http3spring;

import java.util.List;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Collects what Netty's leak detector reports at its most thorough, instead of logging
 * it.
 */
public final class BufferLeaks implements AutoCloseable {

	private static final String CANARY = "a canary that is leaked on purpose";

	private final ListAppender<ILoggingEvent> reports = new ListAppender<>();

	private final Logger logger = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);

	private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();

	/**
	 * Begin to collect.
	 */
	public BufferLeaks() {
		ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
		this.reports.start();
		this.logger.addAppender(this.reports);
		this.logger.setAdditive(false);
	}

	/**
	 * Leaks are reported when they have been collected and another buffer is allocated,
	 * so one that is meant shows when all have been.
	 */
	public void assertNone() {
		ByteBufAllocator.DEFAULT.directBuffer(16).touch(CANARY);
		await().atMost(TestHttpClient.TIMEOUT).until(() -> {
			System.gc();
			ByteBufAllocator.DEFAULT.directBuffer(16).release();
			return reported().stream().anyMatch((leak) -> leak.contains(CANARY));
		});
		assertThat(reported()).filteredOn((leak) -> !leak.contains(CANARY)).isEmpty();
	}

	private List<String> reported() {
		return List.copyOf(this.reports.list)
			.stream()
			.map(ILoggingEvent::getFormattedMessage)
			.filter((message) -> message.contains("LEAK"))
			.toList();
	}

	@Override
	public void close() {
		this.logger.detachAppender(this.reports);
		this.logger.setAdditive(true);
		ResourceLeakDetector.setLevel(this.level);
	}

}
