/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.peers;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** The table of all guests on all machines, as ratios within one run. */
@SuppressWarnings("nls")
public final class PeerTable {
	private final List<PeerMachine> peers;
	private final List<PeerMachine> ours;
	private final PrintWriter out;

	/**
	 * Makes the table.
	 *
	 * @param peers other machines; ratios are against the first of them, ours against each
	 */
	public PeerTable(List<PeerMachine> peers, List<PeerMachine> ours, PrintWriter out) {
		this.peers = peers;
		this.ours = ours;
		this.out = out;
	}

	/** Prints what the columns are, and which machines this host lacks. */
	public void head() {
		for (PeerMachine peer : peers) {
			peer.lacking().ifPresent(reason -> out.println(peer.name() + " is left out: " + reason));
		}
		List<String> titles = new ArrayList<>(List.of("guest", peers.get(0).name() + ", ms"));
		for (int i = 1; i < peers.size(); i++) {
			titles.add(peers.get(i).name() + " ÷ " + peers.get(0).name());
		}
		for (PeerMachine machine : ours) {
			for (PeerMachine peer : peers) {
				titles.add(machine.name() + " ÷ " + peer.name());
			}
		}
		line(titles);
		out.println("|---" + "|--:".repeat(titles.size() - 1) + "|");
		out.flush();
	}

	/**
	 * Measures one guest everywhere and prints its line.
	 *
	 * @return whether all machines that ran it computed the same
	 */
	public boolean row(GuestProgram program, GuestMeasurement measurement) throws IOException {
		List<Samples> others = measure(peers, program, measurement);
		List<Samples> own = measure(ours, program, measurement);
		List<String> cells = new ArrayList<>(List.of(program.name(), figure(others.get(0).median() * 1000)));
		for (int i = 1; i < others.size(); i++) {
			cells.add(ratio(others.get(i), others.get(0)));
		}
		for (Samples samples : own) {
			for (Samples other : others) {
				cells.add(ratio(samples, other));
			}
		}
		line(cells);
		boolean agree = report(program, others, own);
		out.flush();
		return agree;
	}

	private static List<Samples> measure(List<PeerMachine> machines, GuestProgram program, GuestMeasurement measurement)
			throws IOException {
		List<Samples> all = new ArrayList<>();
		for (PeerMachine machine : machines) {
			all.add(measurement.measure(machine, program));
		}
		return all;
	}

	private boolean report(GuestProgram program, List<Samples> others, List<Samples> own) {
		TreeSet<String> checksums = new TreeSet<>();
		boolean ran = true;
		for (int i = 0; i < others.size() + own.size(); i++) {
			boolean other = i < others.size();
			Samples samples = other ? others.get(i) : own.get(i - others.size());
			PeerMachine machine = other ? peers.get(i) : ours.get(i - others.size());
			if (samples.trouble().isEmpty()) {
				checksums.add(samples.checksum());
			} else if (machine.lacking().isEmpty()) {
				out.println(machine.name() + ", " + program.name() + ": " + samples.trouble().get());
				ran &= other;
			}
		}
		if (checksums.size() > 1) {
			out.println(program.name() + ": the machines computed different things: " + checksums);
		}
		return ran && checksums.size() <= 1;
	}

	private static String ratio(Samples of, Samples against) {
		return figure(of.median() / against.median());
	}

	private static String figure(double value) {
		if (!Double.isFinite(value)) {
			return "-";
		}
		return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 1 ? "%.1f" : "%.3f", value);
	}

	private void line(List<String> cells) {
		out.println("| " + String.join(" | ", cells) + " |");
	}
}
