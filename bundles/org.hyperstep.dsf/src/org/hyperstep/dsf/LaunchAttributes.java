/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.hyperstep.debug.Equipment;
import org.hyperstep.debug.EventJournal;
import org.hyperstep.debug.ProcessorLevel;
import org.hyperstep.debug.ResetPolicy;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.machine.MachineException;
import org.hyperstep.machine.VirtualizationOptions;
import org.hyperstep.machine.image.BootChoice;
import org.hyperstep.machine.image.BootModule;
import org.hyperstep.machine.image.ImageException;
import org.hyperstep.machine.input.SerialDestination;
import org.hyperstep.machine.network.NetworkException;
import org.hyperstep.machine.network.NetworkRequest;
import org.hyperstep.x86.system.FeatureSelection;

/** Everything that a launch configuration of the type "Hypervisor Guest" says, one row each. */
@SuppressWarnings("nls")
public final class LaunchAttributes {
	/** Fewer bytes of RAM hold no guest. */
	private static final long SMALLEST_MEMORY = 1 << 20;
	private static final int MOST_CPUS = 64;

	/** The guest's image: a path in the file system or the workspace; variables are substituted. */
	public static final LaunchAttribute<String> IMAGE = LaunchAttribute.text("image", "",
			LaunchAttributes::imageProblem);
	/** What the boot protocol hands the guest as its command line. */
	public static final LaunchAttribute<String> COMMAND_LINE = LaunchAttribute.text("commandLine", "",
			value -> Optional.empty());
	/** Modules in the order the guest gets them, paths as for {@link #IMAGE}. */
	public static final LaunchAttribute<List<String>> MODULES = LaunchAttribute.list("modules",
			LaunchAttributes::modulesProblem);
	/** How the image is booted: empty for its best way, else as {@link BootChoice} reads it. */
	public static final LaunchAttribute<String> BOOT = LaunchAttribute.text("boot", "", LaunchAttributes::bootProblem);
	/** Disk images in the order of their disks, paths as for {@link #IMAGE}. */
	public static final LaunchAttribute<List<String>> DISKS = LaunchAttribute.list("disks",
			LaunchAttributes::filesProblem);
	/** What the disks are attached to. */
	public static final LaunchAttribute<DiskBus> DISK_BUS = LaunchAttribute.choice("diskBus", DiskBus.VIRTIO);
	/** What becomes of changes to the disks. */
	public static final LaunchAttribute<DiskChanges> DISK_CHANGES = LaunchAttribute.choice("diskChanges",
			DiskChanges.IN_MEMORY);
	/** CD images, paths as for {@link #IMAGE}. */
	public static final LaunchAttribute<List<String>> CDROMS = LaunchAttribute.list("cdroms",
			LaunchAttributes::filesProblem);
	/** What a network card is plugged into, as {@link NetworkRequest} reads it; empty: there is none. */
	public static final LaunchAttribute<String> NETWORK = LaunchAttribute.text("network", "",
			LaunchAttributes::networkProblem);
	/** The virtualization hardware. */
	public static final LaunchAttribute<Virtualization> VIRTUALIZATION = LaunchAttribute.choice("virtualization",
			Virtualization.VMX);
	/** How much of the architecture the processors have. */
	public static final LaunchAttribute<ProcessorLevel> LEVEL = LaunchAttribute.choice("level",
			ProcessorLevel.DEFAULT);
	/** Whether the guest's processors have virtualization of their own, so that it can be a hypervisor. */
	public static final LaunchAttribute<Boolean> NESTED = LaunchAttribute.flag("nested",
			VirtualizationOptions.DEFAULT.nested());
	/** Whether the hardware virtualizes the guest's local APICs (APICv, AVIC). */
	public static final LaunchAttribute<Boolean> VIRTUAL_APIC = LaunchAttribute.flag("virtualApic",
			VirtualizationOptions.DEFAULT.virtualApic());
	/** What becomes of a guest that resets its machine. */
	public static final LaunchAttribute<ResetPolicy> RESETS = LaunchAttribute.choice("resets", ResetPolicy.RESTART);
	/** Where the second serial line goes, as {@link Equipment#secondLine} says. */
	public static final LaunchAttribute<String> SECOND_LINE = LaunchAttribute.text("secondLine",
			Equipment.NONE.secondLine(), LaunchAttributes::secondLineProblem);
	/** Features that the processors have or lack beside their level, as {@link FeatureSelection} reads them. */
	public static final LaunchAttribute<String> FEATURES = LaunchAttribute.text("features", "",
			LaunchAttributes::featuresProblem);
	/** Guest RAM as {@link MemorySize} reads it. */
	public static final LaunchAttribute<String> MEMORY = LaunchAttribute.text("memory", "256M",
			LaunchAttributes::memoryProblem);
	/** Number of virtual CPUs. */
	public static final LaunchAttribute<Integer> CPUS = LaunchAttribute.number("cpus", 1,
			LaunchAttributes::cpusProblem);
	/** The symbol to stop at first when debugging; empty: stop before the first instruction. */
	public static final LaunchAttribute<String> STOP_AT = LaunchAttribute.text("stopAt", "main",
			LaunchAttributes::symbolProblem);
	/** Whether virtual CPUs stop and run each for itself. */
	public static final LaunchAttribute<Boolean> NON_STOP = LaunchAttribute.flag("nonStop", false);
	/** How a step is made. */
	public static final LaunchAttribute<StepMechanismChoice> STEP_MECHANISM = LaunchAttribute.choice("stepMechanism",
			StepMechanismChoice.WORKSPACE);

	/** Bytes of records that the event journal keeps, as {@link MemorySize} reads it; empty: as the workspace says. */
	public static final LaunchAttribute<String> JOURNAL_SIZE = LaunchAttribute.text("journalSize", "",
			LaunchAttributes::journalProblem);

	/** All of them, in the order they are shown and checked; those of {@link StepSetting} last. */
	public static final List<LaunchAttribute<?>> ALL = Stream
			.concat(Stream.of(IMAGE, COMMAND_LINE, MODULES, BOOT, VIRTUALIZATION,
					LEVEL, FEATURES, NESTED, VIRTUAL_APIC, MEMORY, CPUS, RESETS, DISKS, DISK_BUS, DISK_CHANGES, CDROMS,
					NETWORK,
					SECOND_LINE, STOP_AT, NON_STOP, STEP_MECHANISM,
					JOURNAL_SIZE), Arrays.stream(StepSetting.values()).map(StepSetting::attribute))
			.toList();

	private LaunchAttributes() {
	}

	/** The first thing that is wrong with a configuration, as a sentence for a user. */
	public static Optional<String> problem(ILaunchConfiguration configuration) throws CoreException {
		for (LaunchAttribute<?> attribute : ALL) {
			Optional<String> problem = attribute.problemIn(configuration);
			if (problem.isPresent()) {
				return problem;
			}
		}
		return problem(VIRTUALIZATION.get(configuration), STEP_MECHANISM.get(configuration));
	}

	/** Whether the virtualization hardware has the step mechanism. */
	public static Optional<String> problem(Virtualization virtualization, StepMechanismChoice mechanism) {
		return virtualization == Virtualization.SVM && mechanism == StepMechanismChoice.MONITOR_TRAP_FLAG
				? Optional.of(Messages.Launch_svmHasNoMonitorTrapFlag)
				: Optional.empty();
	}

	private static Optional<String> imageProblem(String value) {
		if (value.isBlank()) {
			return Optional.of(Messages.Launch_noImage);
		}
		return fileProblem(value);
	}

	private static Optional<String> modulesProblem(List<String> values) {
		return filesProblem(values.stream().map(BootModule::nameIn).toList());
	}

	private static Optional<String> filesProblem(List<String> values) {
		return values.stream().map(LaunchAttributes::fileProblem).flatMap(Optional::stream).findFirst();
	}

	private static Optional<String> bootProblem(String value) {
		try {
			BootChoice.parse(value);
			return Optional.empty();
		} catch (ImageException refusal) {
			return Optional.of(String.valueOf(refusal.getMessage()));
		}
	}

	private static Optional<String> featuresProblem(String value) {
		try {
			FeatureSelection.parse(value);
			return Optional.empty();
		} catch (IllegalArgumentException refusal) {
			return Optional.of(String.valueOf(refusal.getMessage()));
		}
	}

	private static Optional<String> networkProblem(String value) {
		try {
			if (!value.isBlank()) {
				NetworkRequest.parse(value.strip());
			}
			return Optional.empty();
		} catch (NetworkException refusal) {
			return Optional.of(String.valueOf(refusal.getMessage()));
		}
	}

	private static Optional<String> secondLineProblem(String value) {
		try {
			SerialDestination.parse(value.strip());
			return Optional.empty();
		} catch (MachineException refusal) {
			return Optional.of(String.valueOf(refusal.getMessage()));
		}
	}

	private static Optional<String> fileProblem(String value) {
		try {
			Path file = GuestFile.locate(value);
			if (!Files.exists(file)) {
				return Optional.of(Messages.bind(Messages.Launch_noSuchFile, file));
			}
			if (Files.isDirectory(file)) {
				return Optional.of(Messages.bind(Messages.Launch_directory, file));
			}
			return Files.isReadable(file) ? Optional.empty()
					: Optional.of(Messages.bind(Messages.Launch_unreadable, file));
		} catch (CoreException unknownVariable) {
			return Optional.of(unknownVariable.getStatus().getMessage());
		}
	}

	private static Optional<String> memoryProblem(String value) {
		OptionalLong bytes = MemorySize.parse(value);
		if (bytes.isEmpty()) {
			return Optional.of(Messages.bind(Messages.Launch_noMemorySize, value));
		}
		return bytes.getAsLong() < SMALLEST_MEMORY
				? Optional.of(Messages.bind(Messages.Launch_memoryTooSmall, MemorySize.format(SMALLEST_MEMORY)))
				: Optional.empty();
	}

	/** What is wrong with a size of the event journal. */
	public static Optional<String> journalProblem(String value) {
		if (value.isBlank()) {
			return Optional.empty();
		}
		OptionalLong bytes = MemorySize.parse(value);
		if (bytes.isEmpty()) {
			return Optional.of(Messages.bind(Messages.Launch_noMemorySize, value));
		}
		return bytes.getAsLong() >= EventJournal.FEWEST_BYTES && bytes.getAsLong() <= EventJournal.MOST_BYTES
				? Optional.empty()
				: Optional.of(Messages.bind(Messages.Launch_journalOutOfRange,
						MemorySize.format(EventJournal.FEWEST_BYTES), MemorySize.format(EventJournal.MOST_BYTES)));
	}

	private static Optional<String> cpusProblem(int value) {
		return value >= 1 && value <= MOST_CPUS ? Optional.empty()
				: Optional.of(Messages.bind(Messages.Launch_cpusOutOfRange, 1, MOST_CPUS));
	}

	private static Optional<String> symbolProblem(String value) {
		return value.strip().chars().noneMatch(Character::isWhitespace) ? Optional.empty()
				: Optional.of(Messages.bind(Messages.Launch_noSymbol, value));
	}
}
