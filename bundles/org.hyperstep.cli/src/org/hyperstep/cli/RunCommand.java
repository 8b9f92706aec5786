/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.EventJournal;
import org.hyperstep.debug.TargetConfiguration;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.machine.CpuVendor;
import org.hyperstep.machine.MachineDescription;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hyperstep run}: a guest from its first instruction to its end, its serial line on the console. */
@SuppressWarnings("nls")
@Command(name = "run", sortOptions = false, //
		description = { "Runs a guest.", "",
				"Its serial line COM1 is on stdout (raw bytes), and what comes on stdin is sent to it. "
						+ "What is typed arrives line by line, as the terminal hands it over.",
				"",
				"Images are, the best way to enter them first: PVH kernels such as Linux's vmlinux; multiboot 1 images; "
						+ "plain ELF64 files, which are entered in 64-bit mode with interrupts off, the first 4 GB of "
						+ "memory mapped one to one and 16 KB of stack.",
				"",
				"Time for the guest is counted in instructions, so that the same image with the same input gives the "
						+ "same run: one instruction is one nanosecond.",
				"" })
final class RunCommand implements Callable<Integer> {
	private final Console console;
	private final Launcher launcher;

	@Parameters(paramLabel = "IMAGE", description = "the guest's image: a file, or the name of a sample (see hyperstep samples)")
	private String image = "";

	@Option(names = "--cpu", paramLabel = "intel|amd", description = "whose processor, and so VMX or SVM (default: intel)")
	private CpuVendor cpu = CpuVendor.INTEL;

	@Option(names = "--memory", paramLabel = "SIZE", converter = MemorySize.Converter.class, //
			description = "the guest's memory, with K, M or G, in megabytes without (default: 256M)")
	private MemorySize memory = new MemorySize(TargetConfiguration.DEFAULT_MEMORY);

	@Option(names = "--append", paramLabel = "TEXT", description = "the guest's command line")
	private String commandLine = "";

	@Option(names = "--initrd", paramLabel = "FILE", description = "a module for the guest; may be given repeatedly; "
			+ "the first one is Linux's initial RAM disk")
	private List<Path> modules = new ArrayList<>();

	@Option(names = "--smp", paramLabel = "N", description = "number of virtual CPUs (default: ${DEFAULT-VALUE})")
	private int cpus = 1;

	@Option(names = "--timeout", paramLabel = "SECONDS", description = "ends the guest after so many seconds of the host's time")
	private double timeout = Double.POSITIVE_INFINITY;

	@Option(names = "--stats", description = "tells at the end on stderr: instructions retired, VM exits by reason, host "
			+ "seconds, instructions per second")
	private boolean statistics;

	@Option(names = "--exits", description = "tells at the end on stderr: VM exits by reason and by place, their share, guest "
			+ "instructions between them")
	private boolean exits;

	@Option(names = "--journal", paramLabel = "FILE|DIRECTORY", description = "writes the event journal at the end: "
			+ "comma-separated values into a FILE named *.csv, else a CTF trace into a DIRECTORY")
	private @Nullable Path journal;

	@Option(names = "--journal-size", paramLabel = "SIZE", converter = MemorySize.Converter.class, //
			description = "the newest events kept, in bytes of 40-byte records, written like --memory (default: 64M)")
	private MemorySize journalSize = new MemorySize(EventJournal.DEFAULT_BYTES);

	RunCommand(Console console, Launcher launcher) {
		this.console = console;
		this.launcher = launcher;
	}

	@Override
	public Integer call() throws Exception {
		checkMachine();
		if (!(timeout > 0)) {
			throw new UsageException("--timeout must be more than 0 seconds");
		}
		try (Interruption interruption = new Interruption(); ImageArgument file = ImageArgument.find(image)) {
			TargetConfiguration configuration = TargetConfiguration.of(file.path()).withCommandLine(commandLine)
					.withModules(modules).withMemory(memory.bytes()).withCpus(cpus)
					.withVirtualization(cpu == CpuVendor.INTEL ? Virtualization.VMX : Virtualization.SVM)
					.withJournal(exits || journal != null ? journalSize.bytes() : 0);
			RunReports reports = new RunReports(console, statistics, exits, journal);
			GuestRun run = new GuestRun(console, launcher, configuration, reports);
			interruption.whenWanted(run::interrupt);
			return run.toItsEnd(timeout);
		}
	}

	/** Says what is out of range before anything is read. */
	private void checkMachine() throws UsageException {
		try {
			MachineDescription.pc(memory.bytes(), cpus, cpu);
		} catch (IllegalArgumentException e) {
			throw new UsageException(String.valueOf(e.getMessage()));
		}
	}
}
