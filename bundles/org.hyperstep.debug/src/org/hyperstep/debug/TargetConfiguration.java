/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

import java.nio.file.Path;
import java.util.List;

import org.hyperstep.machine.VirtualizationOptions;
import org.hyperstep.machine.image.BootModule;

/**
 * Everything that a launch says about the guest. Immutable; begin with {@link #of} and say what is different.
 *
 * @param image          the guest's image
 * @param commandLine    handed to the guest by its boot protocol
 * @param modules        multiboot modules or PVH modules, the first one is Linux's initial RAM disk
 * @param memory         guest RAM in bytes
 * @param cpus           number of virtual CPUs, from 1
 * @param virtualization the virtualization hardware
 * @param options        what of that hardware is in use
 * @param policy         how steps are made
 * @param stopAt         symbol to stop at first; empty: stop before the first instruction
 * @param journalBytes   bytes of records that the event journal keeps; 0: nothing is recorded
 * @param equipment      disks and the like, and how the image is booted
 */
public record TargetConfiguration(Path image, String commandLine, List<BootModule> modules, long memory, int cpus,
		Virtualization virtualization, VirtualizationOptions options, StepPolicy policy, String stopAt,
		long journalBytes, Equipment equipment) {

	/** Guest RAM unless the launch says otherwise: 256 MiB. */
	public static final long DEFAULT_MEMORY = 256L << 20;

	public TargetConfiguration {
		modules = List.copyOf(modules);
	}

	/** The image on VMX with everything else as it comes. */
	public static TargetConfiguration of(Path image) {
		return new TargetConfiguration(image, "", List.of(), DEFAULT_MEMORY, 1, Virtualization.VMX, //$NON-NLS-1$
				VirtualizationOptions.DEFAULT, StepPolicy.DEFAULT, "", EventJournal.DEFAULT_BYTES, Equipment.NONE); //$NON-NLS-1$
	}

	public TargetConfiguration withCommandLine(String other) {
		return new TargetConfiguration(image, other, modules, memory, cpus, virtualization, options, policy, stopAt,
				journalBytes, equipment);
	}

	public TargetConfiguration withModules(List<BootModule> other) {
		return new TargetConfiguration(image, commandLine, other, memory, cpus, virtualization, options, policy, stopAt,
				journalBytes, equipment);
	}

	public TargetConfiguration withMemory(long bytes) {
		return new TargetConfiguration(image, commandLine, modules, bytes, cpus, virtualization, options, policy,
				stopAt,
				journalBytes, equipment);
	}

	public TargetConfiguration withCpus(int count) {
		return new TargetConfiguration(image, commandLine, modules, memory, count, virtualization, options, policy,
				stopAt,
				journalBytes, equipment);
	}

	public TargetConfiguration withVirtualization(Virtualization other) {
		return new TargetConfiguration(image, commandLine, modules, memory, cpus, other, options, policy, stopAt,
				journalBytes,
				equipment);
	}

	public TargetConfiguration withOptions(VirtualizationOptions other) {
		return new TargetConfiguration(image, commandLine, modules, memory, cpus, virtualization, other, policy, stopAt,
				journalBytes, equipment);
	}

	public TargetConfiguration withPolicy(StepPolicy other) {
		return new TargetConfiguration(image, commandLine, modules, memory, cpus, virtualization, options, other,
				stopAt,
				journalBytes, equipment);
	}

	public TargetConfiguration withStopAt(String symbol) {
		return new TargetConfiguration(image, commandLine, modules, memory, cpus, virtualization, options, policy,
				symbol,
				journalBytes, equipment);
	}

	public TargetConfiguration withJournal(long bytes) {
		return new TargetConfiguration(image, commandLine, modules, memory, cpus, virtualization, options, policy,
				stopAt,
				bytes, equipment);
	}

	public TargetConfiguration withEquipment(Equipment other) {
		return new TargetConfiguration(image, commandLine, modules, memory, cpus, virtualization, options, policy,
				stopAt,
				journalBytes, other);
	}
}
