/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.Equipment;
import org.hyperstep.debug.EventJournal;
import org.hyperstep.debug.ResetPolicy;
import org.hyperstep.debug.TargetConfiguration;
import org.hyperstep.machine.MachineDescription;
import org.hyperstep.machine.VirtualizationOptions;
import org.hyperstep.machine.image.BootModule;
import org.hyperstep.machine.image.ImageException;

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
				"Images are, the best way to enter them first: PVH kernels such as Linux's vmlinux; multiboot 1 and 2 "
						+ "images; Linux kernels (bzImage); plain ELF64 files, which are entered in 64-bit mode with "
						+ "interrupts off, the first 4 GB of memory mapped one to one and 16 KB of stack; plain ELF32 "
						+ "files, in 32-bit protected mode. --boot selects another way.",
				"",
				"Time for the guest is counted in instructions, so that the same image with the same input gives the "
						+ "same run: one instruction is one nanosecond, and a read of a port waits a microsecond for its answer.",
				"" })
final class RunCommand implements Callable<Integer> {
	private static final String BIOS = "bios";
	/** Where distributions put SeaBIOS. */
	private static final List<Path> FIRMWARE = List.of(Path.of("/usr/share/seabios/bios-256k.bin"),
			Path.of("/usr/share/qemu/bios-256k.bin"));

	private final Console console;
	private final Launcher launcher;

	@Parameters(paramLabel = "IMAGE", arity = "0..1", description = "the guest's image: a file, or the name of a sample (see "
			+ "hyperstep samples); without one the machine's firmware boots from its disks and CDs")
	private String image = "";

	@Option(names = "--cpu", paramLabel = "CPU", converter = CpuChoice.Converter.class, //
			description = "whose processor, and so VMX or SVM: intel or amd; with -v2 (the default) or -v3 behind it for that "
					+ "level of x86-64, such as intel-v3; then features to add or to leave out, such as "
					+ "intel-v3,la57,-avx2 (default: intel)")
	private CpuChoice cpu = CpuChoice.DEFAULT;

	@Option(names = "--memory", paramLabel = "SIZE", converter = MemorySize.Converter.class, //
			description = "the guest's memory, with K, M or G, in megabytes without (default: 256M)")
	private MemorySize memory = new MemorySize(TargetConfiguration.DEFAULT_MEMORY);

	@Option(names = "--append", paramLabel = "TEXT", description = "the guest's command line")
	private String commandLine = "";

	@Option(names = "--initrd", paramLabel = "FILE[,text=WORDS]", description = "a module for the guest; may be given "
			+ "repeatedly; the first one is Linux's initial RAM disk. The words, to the end, go with it by multiboot and PVH: "
			+ "so Xen's first module, the kernel that it starts, gets its command line")
	private List<String> modules = new ArrayList<>();

	@Option(names = "--boot", paramLabel = "PROTOCOL", description = "how the image is entered: pvh, multiboot, multiboot2, "
			+ "linux64, linux32, linux16, elf64, elf32, bios, or flat:ADDRESS[,16|32|64][,entry=ADDRESS] for bytes at an "
			+ "address (default: the best that the image offers)")
	private String boot = "";

	@Option(names = "--bios", paramLabel = "FILE", description = "firmware to start from instead of an IMAGE (default: "
			+ "Debian's SeaBIOS where it is installed)")
	private @Nullable Path bios;

	@Option(names = "--disk", paramLabel = "FILE[,...]", description = "a disk; may be given repeatedly. "
			+ "Changes are kept in memory and are gone at the end, unless ',writable' follows; also ',bus=ide' (default: "
			+ "virtio), ',format=raw|qcow2', ',backing=FILE', ',changes=MB'")
	private List<String> disks = new ArrayList<>();

	@Option(names = "--cdrom", paramLabel = "FILE", description = "a CD image; may be given repeatedly")
	private List<String> cdroms = new ArrayList<>();

	@Option(names = "--net", paramLabel = "loopback|user[,port=N]", description = "a virtio network card; may be given "
			+ "repeatedly. 'user' is a network where the guest is 10.0.2.15 and reaches the named TCP ports of 127.0.0.1 as "
			+ "ports of 10.0.2.2; 'loopback' returns every frame")
	private List<String> networks = new ArrayList<>();

	@Option(names = "--virtio-console", description = "a virtio console (Linux's hvc0): it prints to stdout as COM1 does, and "
			+ "stdin goes to it")
	private boolean virtioConsole;

	@Option(names = "--serial2", paramLabel = "none|loop|file:FILE", description = "where the bytes of the second serial line "
			+ "COM2 go: nowhere, back to the guest, or into a file (default: ${DEFAULT-VALUE})")
	private String secondLine = "none";

	@Option(names = "--no-reboot", description = "a reset by the guest ends it; otherwise it starts again")
	private boolean noReboot;

	@Option(names = "--reboot-on-triple-fault", description = "a triple fault starts the guest again, as on a PC; otherwise it "
			+ "ends the run")
	private boolean tripleFaultRestarts;

	@Option(names = "--smp", paramLabel = "N", description = "number of virtual CPUs (default: ${DEFAULT-VALUE})")
	private int cpus = 1;

	@Option(names = "--nested", negatable = true, defaultValue = "true", fallbackValue = "true", //
			description = "the guest's processors offer VMX or SVM; --no-nested: they do not")
	private boolean nested = true;

	@Option(names = "--virtual-apic", description = "the guest's local APICs are virtualized by hardware (APICv, AVIC), which "
			+ "delivers their interrupts; without it the hypervisor injects them")
	private boolean virtualApic;

	@Option(names = "--timeout", paramLabel = "SECONDS", description = "ends the guest after so many seconds of the host's time")
	private double timeout = Double.POSITIVE_INFINITY;

	@Option(names = "--screen", description = "prints the text on the guest's screen at the end on stderr")
	private boolean screen;

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
		try (Interruption interruption = new Interruption(); ImageArgument file = bootImage()) {
			TargetConfiguration configuration = TargetConfiguration.of(file.path()).withCommandLine(commandLine)
					.withModules(bootModules()).withMemory(memory.bytes()).withCpus(cpus)
					.withVirtualization(cpu.virtualization())
					.withEquipment(new Equipment(cpu.level(), cpu.features(), firmware() ? BIOS : boot, disks, cdroms,
							networks,
							virtioConsole, secondLine, resets()))
					.withOptions(new VirtualizationOptions(nested, virtualApic))
					.withJournal(exits || journal != null ? journalSize.bytes() : 0);
			RunReports reports = new RunReports(console, screen, statistics, exits, journal);
			GuestRun run = new GuestRun(console, launcher, configuration, reports);
			interruption.whenWanted(run::interrupt);
			return run.toItsEnd(timeout);
		}
	}

	private List<BootModule> bootModules() throws UsageException {
		List<BootModule> parsed = new ArrayList<>();
		for (String module : modules) {
			try {
				parsed.add(BootModule.parse(module));
			} catch (ImageException refusal) {
				throw new UsageException("--initrd: " + refusal.getMessage());
			}
		}
		return parsed;
	}

	private boolean firmware() {
		return image.isEmpty();
	}

	/** The image to be entered: the user's, or firmware. */
	private ImageArgument bootImage() throws UsageException {
		Path firmware = bios;
		if (!firmware()) {
			if (firmware != null) {
				throw new UsageException("firmware boots from disks and CDs: give either an IMAGE or --bios");
			}
			return ImageArgument.find(image);
		}
		if (!boot.isEmpty() && !boot.equals(BIOS)) {
			throw new UsageException("--boot " + boot + " needs an IMAGE");
		}
		if (firmware == null && disks.isEmpty() && cdroms.isEmpty()) {
			throw new UsageException(
					"give an IMAGE to run, or a --disk or --cdrom to boot from; see hyperstep run --help");
		}
		return firmware != null ? ImageArgument.of(firmware)
				: FIRMWARE.stream().filter(Files::isReadable).findFirst().map(ImageArgument::of)
						.orElseThrow(() -> new UsageException("give an IMAGE to run, or install firmware to boot from "
								+ "disks and CDs (Debian's package seabios), or name it with --bios"));
	}

	private ResetPolicy resets() throws UsageException {
		if (noReboot && tripleFaultRestarts) {
			throw new UsageException("--no-reboot and --reboot-on-triple-fault contradict each other");
		}
		return noReboot ? ResetPolicy.END
				: tripleFaultRestarts ? ResetPolicy.RESTART_AFTER_TRIPLE_FAULT : ResetPolicy.RESTART;
	}

	/** Says what is out of range before anything is read. */
	private void checkMachine() throws UsageException {
		try {
			MachineDescription.pc(memory.bytes(), cpus, cpu.vendor());
		} catch (IllegalArgumentException e) {
			throw new UsageException(String.valueOf(e.getMessage()));
		}
	}
}
