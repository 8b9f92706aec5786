/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The suites, each a list of checks that are independent of each other. */
@SuppressWarnings("nls")
public enum Suite {
	/** The kernel's own test of guest debugging. */
	DEBUG_REGISTERS("debug-registers", "the 17 scenarios of the kernel's test of guest debugging",
			options -> DebugRegisters.checks()),
	/** A timer far faster than a person steps. */
	TIMER_STORM("timer-storm", "masked steps under a timer that never stops", options -> TimerStorm.checks()),
	/** Rules of the architecture that stepping turns on. */
	RULES("rules", "rules of the architecture that stepping turns on", options -> rules()),
	/** Steps leave no trace. */
	TRANSPARENT_STEPPING("transparent-stepping",
			"generated programs, stepped and run freely, are the same after every step",
			TransparentStepping::checks),
	/** Guests of a guest hypervisor. */
	NESTED("nested", "a guest hypervisor and its guest, stepped through", options -> Nested.checks()),
	/** CPUs that stop and run each for itself. */
	NON_STOP("non-stop", "CPUs stop, step and run while the others run", options -> NonStop.checks());

	private final String label;
	private final String title;
	private final Function<Options, List<Check>> checks;

	/**
	 * What can be chosen.
	 *
	 * @param programs generated programs of {@link #TRANSPARENT_STEPPING}
	 * @param seed     the first program's; the others' follow it
	 */
	public record Options(long programs, long seed) {
		/** Enough for a user's machine in some seconds. */
		public static final Options DEFAULT = new Options(2_000, 1);
	}

	Suite(String label, String title, Function<Options, List<Check>> checks) {
		this.label = label;
		this.title = title;
		this.checks = checks;
	}

	/** Its name on the command line. */
	public String label() {
		return label;
	}

	/** What it proves. */
	public String title() {
		return title;
	}

	/** Its checks, each of which may run on a thread of its own. */
	public List<Check> checks(Options options) {
		return checks.apply(options);
	}

	private static List<Check> rules() {
		List<Check> checks = new ArrayList<>(ShadowRules.checks());
		checks.addAll(DebugExceptionRules.checks());
		return checks;
	}
}
