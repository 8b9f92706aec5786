/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.hyperstep.cli.peers.BochsMachine;
import org.hyperstep.cli.peers.GuestMeasurement;
import org.hyperstep.cli.peers.GuestProgram;
import org.hyperstep.cli.peers.HyperstepMachine;
import org.hyperstep.cli.peers.PeerMachine;
import org.hyperstep.cli.peers.PeerTable;
import org.hyperstep.cli.peers.QemuMachine;
import org.hyperstep.cli.peers.Workload;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.samples.Sample;

/**
 * {@code hyperstep bench --peers}.
 *
 * @param seconds about how long each guest is measured on each machine, behind its warm-up
 * @param only    what the names of the guests to measure contain
 */
@SuppressWarnings("nls")
record PeerComparison(PrintWriter out, double seconds, String only) {
	/** Seconds until the interpreter is compiled as well as it gets. */
	private static final double WARM_UP = 4;
	private static final double LIMIT = 120;

	int run() throws IOException {
		List<PeerMachine> ours = new ArrayList<>();
		for (Virtualization virtualization : Virtualization.values()) {
			ours.add(new HyperstepMachine(virtualization));
		}
		PeerTable table = new PeerTable(List.of(new QemuMachine(), new BochsMachine()), ours, out);
		table.head();
		Path directory = Files.createTempDirectory("hyperstep-bench");
		Path image = Sample.BENCH.copyTo(directory);
		boolean agree = true;
		try {
			for (Workload workload : Workload.values()) {
				GuestProgram program = workload.program(image);
				if (program.name().contains(only)) {
					agree &= table.row(program, new GuestMeasurement(WARM_UP, seconds, LIMIT));
				}
			}
		} finally {
			Files.delete(image);
			Files.delete(directory);
		}
		return agree ? ExitCode.OK.status() : ExitCode.FAILED.status();
	}
}
