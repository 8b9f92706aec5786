/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import java.util.List;

import org.eclipse.jdt.annotation.Nullable;

/** A guest with its virtual CPUs. All methods on the machine's thread, of which there is one at a time. */
public interface VirtualMachine {

	Virtualization virtualization();

	/** The virtual CPUs by number. */
	List<Vcpu> cpus();

	/**
	 * Runs all virtual CPUs, in turn and in fixed quanta, until one of them stops for a reason of its own or so much
	 * virtual time (nanoseconds; one instruction is one) has passed.
	 */
	VcpuStop run(long maximumTime);

	/** Sets the addresses where runs stop; the mark a CPU stands on when a run begins is passed. */
	void setExecutionMarks(ExecutionMarks marks);

	/** Told of all that happens from now on; null for nobody. Costs nothing without. */
	void setEventSink(@Nullable EventSink sink);

	/** Virtual time in nanoseconds since the machine's start. */
	long time();
}
