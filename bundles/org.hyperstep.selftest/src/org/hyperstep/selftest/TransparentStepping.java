/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest;

import java.util.ArrayList;
import java.util.List;

import org.hyperstep.hypervisor.EventMask;
import org.hyperstep.selftest.guest.StepCase;

/**
 * The invariant of stepping: for every program, start state, virtualization and mechanism, the guest's registers, memory
 * and pending events after N steps are those after N freely executed instructions under the same schedule of interrupts.
 */
@SuppressWarnings("nls")
final class TransparentStepping {
	/** Checks that the programs are shared among, so that processors can share the checks. */
	private static final int CHECKS = 20;
	private static final int SHORTEST = 3, LENGTHS = 5;
	/** Every so many programs a long one. */
	private static final int LONG_ONE = 50, LONG = 40;
	private static final EventMask[] MASKS = { EventMask.NONE, EventMask.ALL };

	private TransparentStepping() {
	}

	static List<Check> checks(Suite.Options options) {
		List<Check> checks = new ArrayList<>();
		long portion = Math.max(1, (options.programs() + CHECKS - 1) / CHECKS);
		for (long done = 0; done < options.programs(); done += portion) {
			long first = options.seed() + done;
			long last = options.seed() + Math.min(options.programs(), done + portion) - 1;
			checks.add(new Check("programs " + first + " to " + last, () -> prove(first, last)));
		}
		return checks;
	}

	private static String prove(long first, long last) throws CheckFailure {
		long steps = 0;
		for (long seed = first; seed <= last; seed++) {
			steps += prove(seed);
		}
		return steps + " steps";
	}

	/** Columns and masks take turns, so that many programs meet all of them. */
	private static long prove(long seed) throws CheckFailure {
		int turn = (int) Long.remainderUnsigned(seed, (long) StepCase.values().length * MASKS.length);
		StepCase column = StepCase.values()[turn / MASKS.length];
		EventMask mask = MASKS[turn % MASKS.length];
		int length = Long.remainderUnsigned(seed / 6, LONG_ONE) == 0 ? LONG
				: SHORTEST + (int) Long.remainderUnsigned(seed / 6, LENGTHS);
		GeneratedProgram program = new GeneratedProgram(seed, length, !mask.interrupts());
		SteppedBesideFree pair = new SteppedBesideFree(program, column, mask);
		String difference = pair.difference();
		if (difference.isEmpty()) {
			return pair.steps();
		}
		GeneratedProgram shortest = shrink(program, column, mask);
		throw new CheckFailure("program " + seed + " (" + column.label() + ", mask " + mask + "): "
				+ new SteppedBesideFree(shortest, column, mask).difference() + "; shortest: " + shortest);
	}

	/** Takes pieces out as long as the rest fails, ever smaller ones. */
	private static GeneratedProgram shrink(GeneratedProgram failing, StepCase column, EventMask mask) {
		GeneratedProgram shortest = failing;
		for (int size = failing.length() / 2; size > 0; size /= 2) {
			for (int from = shortest.length() - size; from >= 0; from--) {
				GeneratedProgram shorter = shortest.without(from, from + size);
				if (!new SteppedBesideFree(shorter, column, mask).difference().isEmpty()) {
					shortest = shorter;
					from = Math.min(from, shortest.length() - size + 1);
				}
			}
		}
		return shortest;
	}
}
