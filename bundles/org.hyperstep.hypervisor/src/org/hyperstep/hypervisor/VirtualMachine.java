/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import java.util.List;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.image.InitialState;

/** A guest with its virtual CPUs. All methods on the machine's thread, of which there is one at a time. */
public interface VirtualMachine {

	/**
	 * Makes the virtual CPUs of a machine: VMX guests where the machine's processors are Intel's, SVM guests where they
	 * are AMD's. The machine's clock is theirs from now on. All CPUs wait for {@link #start} or a start-up IPI.
	 */
	static VirtualMachine create(Machine machine) {
		return new EmbeddedMachine(machine);
	}

	/** Has CPU 0 enter an image that was loaded into the machine's memory. */
	void start(InitialState initial);

	/**
	 * Resets all CPUs, after the machine was reset: CPU 0 enters what was loaded, the others wait for a start-up IPI. Time,
	 * counts, masks, marks and the debugger's settings stay.
	 */
	void restart(InitialState initial);

	/**
	 * Passes the time of a machine that sleeps up to the next alarm. No CPU executes.
	 *
	 * @return whether there was an alarm
	 */
	boolean sleep();

	Virtualization virtualization();

	/** The virtual CPUs by number. */
	List<Vcpu> cpus();

	/**
	 * Runs all virtual CPUs that are not held, in turn and in fixed quanta, until one of them stops for a reason of its own or so much
	 * virtual time (nanoseconds; one instruction is one) has passed.
	 */
	VcpuStop run(long maximumTime);

	/**
	 * Takes a CPU out of {@link #run}'s turns, or back in. What is raised for a CPU that is held waits for it; its clock
	 * goes on with the others'. {@link Vcpu#run} and {@link Vcpu#step} move it all the same.
	 */
	void hold(int cpu, boolean held);

	/**
	 * Ends the run that is under way at its next VM exit, with {@link VcpuStop.SliceOver}; without one, the next run ends
	 * at once. Any thread.
	 */
	void interrupt();

	/** Sets the addresses where runs stop; the mark a CPU stands on when a run begins is passed. */
	void setExecutionMarks(ExecutionMarks marks);

	/** Told of all that happens from now on; null for nobody. Costs nothing without. */
	void setEventSink(@Nullable EventSink sink);

	/** Virtual time in nanoseconds since the machine's start. */
	long time();
}
