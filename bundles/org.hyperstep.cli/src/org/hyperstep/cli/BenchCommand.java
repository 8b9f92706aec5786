/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

import org.hyperstep.cli.bench.BenchRow;
import org.hyperstep.cli.bench.FirstStop;
import org.hyperstep.cli.bench.GuestLoop;
import org.hyperstep.cli.bench.InterpreterSpeed;
import org.hyperstep.cli.bench.JournalCost;
import org.hyperstep.cli.bench.JournalRate;
import org.hyperstep.cli.bench.JournalSpeed;
import org.hyperstep.cli.bench.StepRate;
import org.hyperstep.debug.Virtualization;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hyperstep bench}: the figures of the README. */
@SuppressWarnings("nls")
@Command(name = "bench", sortOptions = false, //
		description = "Measures the engine on this machine and prints a table. With releng/hyperstep, --eclipse adds the "
				+ "lines that are measured in the Eclipse IDE.")
final class BenchCommand implements Callable<Integer> {
	private final Console console;
	private final Launcher launcher;

	@Option(names = "--seconds", paramLabel = "N", description = "about how long each line is measured (default: ${DEFAULT-VALUE})")
	private double seconds = 4;

	@Option(names = "--only", paramLabel = "TEXT", description = "measure only the lines whose name has this in it")
	private String only = "";

	@Option(names = "--peers", description = "compare with QEMU's TCG and with Bochs instead: the same guests in one run, "
			+ "as ratios of processor time; what is missing is left out")
	private boolean peers;

	BenchCommand(Console console, Launcher launcher) {
		this.console = console;
		this.launcher = launcher;
	}

	private List<BenchRow> rows() {
		List<BenchRow> rows = new ArrayList<>();
		for (GuestLoop loop : GuestLoop.values()) {
			rows.add(new InterpreterSpeed(launcher, loop));
		}
		for (Virtualization virtualization : Virtualization.values()) {
			rows.add(new StepRate(launcher, virtualization, 1));
			rows.add(new StepRate(launcher, virtualization, 10_000));
		}
		rows.add(new FirstStop(launcher));
		rows.add(new JournalSpeed());
		rows.add(new JournalRate(launcher));
		for (JournalCost.Load load : JournalCost.Load.values()) {
			rows.add(new JournalCost(launcher, load));
		}
		return rows;
	}

	@Override
	public Integer call() throws Exception {
		if (!(seconds > 0 && seconds <= 3600)) {
			throw new UsageException("--seconds takes more than 0 and up to 3600");
		}
		PrintWriter out = console.text();
		int status = peers ? new PeerComparison(launcher, out, seconds, only).run() : figures(out);
		out.println();
		out.println(host());
		out.flush();
		return status;
	}

	private int figures(PrintWriter out) throws Exception {
		out.println("| what | figure | unit |");
		out.println("|---|--:|---|");
		for (BenchRow row : rows()) {
			if (row.name().contains(only)) {
				out.println(String.format(Locale.ROOT, "| %s | %s | %s |", row.name(), figure(row.measure(seconds)),
						row.unit()));
				out.flush();
			}
		}
		return ExitCode.OK.status();
	}

	private static String figure(double value) {
		return String.format(Locale.ROOT, value >= 1000 ? "%,.0f" : value >= 10 ? "%.0f" : "%.1f", value);
	}

	/** What the figures depend on. */
	private static String host() {
		return System.getProperty("java.vm.name") + " " + System.getProperty("java.version") + ", "
				+ Runtime.getRuntime().availableProcessors() + " processors, " + System.getProperty("os.arch");
	}
}
