package io.github.http3spring.benchmarks.workload;

import java.util.concurrent.Callable;

import io.github.http3spring.benchmarks.machine.Cores;
import io.github.http3spring.benchmarks.machine.CpuTime;
import io.github.http3spring.benchmarks.machine.MachineTime;

/**
 * A piece of work of a server, and what it took.
 *
 * @param count how often it was done
 * @param elapsed the nanoseconds that have passed
 * @param cpu the nanoseconds of CPU time of the server, its compiler threads left out
 * @param compilers the nanoseconds of CPU time of its compiler threads
 * @param others the share of the machine that others used meanwhile, from 0 to 1
 */
record Slice(long count, long elapsed, long cpu, long compilers, double others) {

	/**
	 * Do the work.
	 * @param pid the server's process
	 * @param work does it, and returns how often it was done
	 * @return what it took
	 * @throws Exception if the work fails
	 */
	static Slice of(long pid, Callable<Long> work) throws Exception {
		long client = ProcessHandle.current().pid();
		MachineTime machine = MachineTime.now();
		CpuTime clientCpu = CpuTime.of(client);
		CpuTime serverCpu = CpuTime.of(pid);
		long start = System.nanoTime();
		long count = work.call();
		CpuTime serverEnd = CpuTime.of(pid);
		long elapsed = System.nanoTime() - start;
		CpuTime clientEnd = CpuTime.of(client);
		MachineTime machineEnd = MachineTime.now();
		long cpu = serverEnd.workSince(serverCpu);
		long compilers = serverEnd.compilersSince(serverCpu);
		long own = cpu + compilers + clientEnd.workSince(clientCpu) + clientEnd.compilersSince(clientCpu);
		double capacity = (double) elapsed * Cores.OF_MACHINE;
		return new Slice(count, elapsed, cpu, compilers, machineEnd.othersSince(machine, own / capacity));
	}

	/**
	 * Return the CPU time of the server each time, in nanoseconds.
	 */
	double cpuEach() {
		return (double) this.cpu / this.count;
	}

	/**
	 * Return the share of the server's CPU time that went into compiling, from 0 to 1.
	 */
	double compiling() {
		return (double) this.compilers / (this.cpu + this.compilers);
	}

	double perSecond() {
		return this.count * 1e9 / this.elapsed;
	}

}
