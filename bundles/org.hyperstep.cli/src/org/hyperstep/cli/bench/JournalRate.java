/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.bench;

import org.hyperstep.cli.Launcher;

/**
 * The records that are made a second of the guest {@link JournalCost.Load#PORT_AMONG_OTHERS}, so that the speed that it
 * keeps can be read beside them.
 *
 * @param launcher makes the target
 */
@SuppressWarnings("nls")
public record JournalRate(Launcher launcher) implements BenchRow {
	private static final double MILLION = 1e6;

	@Override
	public String name() {
		return "event journal, records of a guest of " + JournalCost.Load.PORT_AMONG_OTHERS.title;
	}

	@Override
	public String unit() {
		return "million/s";
	}

	@Override
	public double measure(double seconds) throws Exception {
		try (TemporaryGuest guest = JournalCost.Load.PORT_AMONG_OTHERS.guest()) {
			return JournalCost.rate(launcher, guest.configuration(), seconds) / JournalCost.APART / MILLION;
		}
	}
}
