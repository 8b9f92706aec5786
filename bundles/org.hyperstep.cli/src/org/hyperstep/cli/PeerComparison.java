/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import org.hyperstep.cli.peers.BochsMachine;
import org.hyperstep.cli.peers.DebianBoot;
import org.hyperstep.cli.peers.GuestMeasurement;
import org.hyperstep.cli.peers.GuestProgram;
import org.hyperstep.cli.peers.HyperstepMachine;
import org.hyperstep.cli.peers.MemoryOverhead;
import org.hyperstep.cli.peers.PeerMachine;
import org.hyperstep.cli.peers.PeerTable;
import org.hyperstep.cli.peers.QemuMachine;
import org.hyperstep.cli.peers.Workload;
import org.hyperstep.debug.TargetException;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.samples.Sample;

/**
 * {@code hyperstep bench --peers}.
 *
 * @param launcher for what is measured in this process
 * @param out      takes the table
 * @param seconds  about how long each guest is measured on each machine, behind its warm-up
 * @param only     what the names of the guests to measure contain
 */
@SuppressWarnings("nls")
record PeerComparison(Launcher launcher, PrintWriter out, double seconds, String only) {
	/** Seconds until the interpreter is compiled as well as it gets, the compiler's own included. */
	private static final double WARM_UP = 8;
	/** Seconds of the host's clock, which run fast on a busy host. */
	private static final double LIMIT = 600;
	/** Bochs takes minutes for a boot. */
	private static final long BOOT_LIMIT = 1800;
	private static final long[] MEMORY_SIZES = { 256, 512 };
	private static final int MEGABYTE = 20;
	/** The engine may take so many megabytes, and such a share of the guest's RAM. */
	private static final double FIXED_MEGABYTES = 64, SHARE = 0.1;

	int run() throws IOException {
		List<PeerMachine> ours = new ArrayList<>();
		for (Virtualization virtualization : Virtualization.values()) {
			ours.add(new HyperstepMachine(virtualization));
		}
		PeerTable table = new PeerTable(List.of(new QemuMachine(), new BochsMachine()), ours, out);
		table.head();
		Path directory = Files.createTempDirectory("hyperstep-bench");
		try {
			return workloads(table, directory) & boot(table, directory) ? ExitCode.OK.status()
					: ExitCode.FAILED.status();
		} finally {
			try (Stream<Path> files = Files.list(directory)) {
				for (Path file : files.toList()) {
					Files.delete(file);
				}
			}
			Files.delete(directory);
		}
	}

	private boolean workloads(PeerTable table, Path directory) throws IOException {
		Path image = Sample.BENCH.copyTo(directory);
		boolean agree = true;
		for (Workload workload : Workload.values()) {
			GuestProgram program = workload.program(image);
			if (program.name().contains(only)) {
				agree &= table.row(program, new GuestMeasurement(WARM_UP, seconds, LIMIT));
			}
		}
		return agree;
	}

	private boolean boot(PeerTable table, Path directory) throws IOException {
		if (!DebianBoot.NAME.contains(only)) {
			return true;
		}
		GuestProgram program;
		try {
			program = DebianBoot.program(directory);
		} catch (IOException e) {
			out.println(DebianBoot.NAME + " is left out: " + e.getMessage());
			return true;
		}
		boolean ran = table.row(program, new GuestMeasurement(0, 0, BOOT_LIMIT));
		memory(program);
		return ran;
	}

	private void memory(GuestProgram program) {
		MemoryOverhead overhead = new MemoryOverhead(launcher, program, BOOT_LIMIT);
		for (long ram : MEMORY_SIZES) {
			try {
				long bytes = overhead.measure(Virtualization.VMX, ram << MEGABYTE);
				out.println(String.format(Locale.ROOT,
						"%nHyperstep's heap beside %d MB of guest RAM when Debian has booted: %.1f MB (goal: at most %.1f MB)",
						ram, bytes / (double) (1 << MEGABYTE), FIXED_MEGABYTES + SHARE * ram));
			} catch (IOException | TargetException e) {
				out.println("Hyperstep's heap was not measured: " + e.getMessage());
			}
		}
	}
}
