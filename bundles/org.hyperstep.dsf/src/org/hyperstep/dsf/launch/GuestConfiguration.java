/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.hyperstep.debug.Equipment;
import org.hyperstep.debug.EventJournal;
import org.hyperstep.debug.StepPolicy;
import org.hyperstep.debug.TargetConfiguration;
import org.hyperstep.dsf.DiskChanges;
import org.hyperstep.dsf.GuestFile;
import org.hyperstep.dsf.HyperstepDsf;
import org.hyperstep.dsf.HypervisorPreferences;
import org.hyperstep.dsf.LaunchAttributes;
import org.hyperstep.dsf.MemorySize;
import org.hyperstep.machine.VirtualizationOptions;
import org.hyperstep.machine.image.BootModule;

/** What the engine is told of a launch configuration. */
@SuppressWarnings("nls")
final class GuestConfiguration {
	private GuestConfiguration() {
	}

	/**
	 * The engine's configuration. It stops before the first instruction: where the guest runs to from there is a matter of
	 * the launch.
	 *
	 * @throws CoreException with the first thing that is wrong with the launch configuration
	 */
	static TargetConfiguration of(ILaunchConfiguration launch, StepPolicy policy) throws CoreException {
		Optional<String> problem = LaunchAttributes.problem(launch);
		if (problem.isPresent()) {
			throw HyperstepDsf.failure(problem.get(), null);
		}
		List<BootModule> modules = new ArrayList<>();
		for (String module : LaunchAttributes.MODULES.get(launch)) {
			modules.add(new BootModule(GuestFile.locate(BootModule.nameIn(module)), BootModule.textIn(module)));
		}
		long memory = MemorySize.parse(LaunchAttributes.MEMORY.get(launch)).orElseThrow();
		return TargetConfiguration.of(GuestFile.locate(LaunchAttributes.IMAGE.get(launch)))
				.withCommandLine(LaunchAttributes.COMMAND_LINE.get(launch)).withModules(modules).withMemory(memory)
				.withCpus(LaunchAttributes.CPUS.get(launch))
				.withVirtualization(LaunchAttributes.VIRTUALIZATION.get(launch)).withPolicy(policy)
				.withEquipment(equipment(launch)).withJournal(journal(launch))
				.withOptions(VirtualizationOptions.DEFAULT.withNested(LaunchAttributes.NESTED.get(launch))
						.withVirtualApic(LaunchAttributes.VIRTUAL_APIC.get(launch)));
	}

	/** A size that the workspace has and that is none means the usual one. */
	private static long journal(ILaunchConfiguration launch) throws CoreException {
		String own = LaunchAttributes.JOURNAL_SIZE.get(launch).strip();
		String size = own.isEmpty() ? HypervisorPreferences.journalSize() : own;
		return LaunchAttributes.journalProblem(size).isPresent() ? EventJournal.DEFAULT_BYTES
				: MemorySize.parse(size).orElse(EventJournal.DEFAULT_BYTES);
	}

	private static Equipment equipment(ILaunchConfiguration launch) throws CoreException {
		boolean writable = LaunchAttributes.DISK_CHANGES.get(launch) == DiskChanges.IN_FILES;
		String options = ",bus=" + LaunchAttributes.DISK_BUS.get(launch).key() + (writable ? ",writable" : "");
		List<String> disks = new ArrayList<>();
		for (String disk : LaunchAttributes.DISKS.get(launch)) {
			disks.add(drive(disk) + options);
		}
		List<String> cdroms = new ArrayList<>();
		for (String cdrom : LaunchAttributes.CDROMS.get(launch)) {
			cdroms.add(drive(cdrom));
		}
		String network = LaunchAttributes.NETWORK.get(launch).strip();
		String secondLine = LaunchAttributes.SECOND_LINE.get(launch).strip();
		return Equipment.NONE.withLevel(LaunchAttributes.LEVEL.get(launch))
				.withResets(LaunchAttributes.RESETS.get(launch))
				.withSecondLine(secondLine.isEmpty() ? Equipment.NONE.secondLine() : secondLine)
				.withFeatures(LaunchAttributes.FEATURES.get(launch).strip())
				.withBoot(LaunchAttributes.BOOT.get(launch).strip()).withDisks(disks).withCdroms(cdroms)
				.withNetworks(network.isEmpty() ? List.of() : List.of(network));
	}

	/** Commas in a file's name are doubled. */
	private static String drive(String file) throws CoreException {
		return GuestFile.locate(file).toString().replace(",", ",,");
	}
}
