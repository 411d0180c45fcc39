package io.github.http3spring.benchmarks.server;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.Arrays;

import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;

/**
 * Asks the JVM of a server for what the operating system cannot tell.
 */
public final class JvmProbe implements AutoCloseable {

	private final JMXConnector connector;

	private final MemoryMXBean memory;

	private final ThreadMXBean threads;

	private JvmProbe(JMXConnector connector) throws IOException {
		MBeanServerConnection connection = connector.getMBeanServerConnection();
		this.connector = connector;
		this.memory = ManagementFactory.newPlatformMXBeanProxy(connection, ManagementFactory.MEMORY_MXBEAN_NAME,
				MemoryMXBean.class);
		this.threads = ManagementFactory.newPlatformMXBeanProxy(connection, ManagementFactory.THREAD_MXBEAN_NAME,
				ThreadMXBean.class);
	}

	static JvmProbe attach(long pid) throws IOException {
		try {
			VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
			try {
				return new JvmProbe(
						JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent())));
			}
			finally {
				machine.detach();
			}
		}
		catch (AttachNotSupportedException ex) {
			throw new IOException(ex);
		}
	}

	/**
	 * Return how much heap all threads that are alive have allocated so far.
	 * @return the bytes
	 */
	public long allocated() {
		long[] allocated = this.threads.getThreadAllocatedBytes(this.threads.getAllThreadIds());
		return Arrays.stream(allocated).filter((bytes) -> bytes > 0).sum();
	}

	/**
	 * Collect garbage, and return how much of the heap is in use then.
	 * @return the bytes
	 */
	public long liveHeap() {
		this.memory.gc();
		return this.memory.getHeapMemoryUsage().getUsed();
	}

	@Override
	public void close() throws IOException {
		this.connector.close();
	}

}
