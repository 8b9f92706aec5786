/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.bench;

import org.hyperstep.debug.EventJournal;
import org.hyperstep.debug.EventKind;

/** Records that the event journal takes per second; the best of several windows. */
@SuppressWarnings("nls")
public final class JournalSpeed implements BenchRow {
	private static final int WINDOWS = 8, BATCH = 100_000;
	private static final double MILLION = 1e6;

	@Override
	public String name() {
		return "event journal, records";
	}

	@Override
	public String unit() {
		return "million/s";
	}

	@Override
	public double measure(double seconds) {
		EventJournal journal = new EventJournal((kind, code, information) -> "");
		double best = 0;
		for (int window = 0; window < WINDOWS; window++) {
			best = Math.max(best, rate(journal, seconds / WINDOWS));
		}
		return best / MILLION;
	}

	private static double rate(EventJournal journal, double seconds) {
		long start = System.nanoTime();
		long end = start + Math.round(seconds * 1e9);
		long records = 0;
		while (System.nanoTime() < end) {
			for (int i = 0; i < BATCH; i++) {
				journal.write(EventKind.VM_EXIT, i & 3, 1, records + i, 2 * records, 0x1000 + i, i & 63, i);
			}
			records += BATCH;
		}
		return records * 1e9 / (System.nanoTime() - start);
	}
}
