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
	private static final StepCase[] COLUMNS = StepCase.values();
	private static final ProgramKind[] KINDS = ProgramKind.values();
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

	/** Columns, masks, modes and lengths take turns, so that programs meet each combination of them. */
	private static long prove(long seed) throws CheckFailure {
		long turn = seed;
		StepCase column = COLUMNS[(int) Long.remainderUnsigned(turn, COLUMNS.length)];
		turn /= COLUMNS.length;
		EventMask mask = MASKS[(int) Long.remainderUnsigned(turn, MASKS.length)];
		turn /= MASKS.length;
		ProgramKind kind = KINDS[(int) Long.remainderUnsigned(turn, KINDS.length)];
		turn /= KINDS.length;
		int length = Long.remainderUnsigned(turn, LONG_ONE) == 0 ? LONG
				: SHORTEST + (int) Long.remainderUnsigned(turn, LENGTHS);
		GeneratedProgram program = new GeneratedProgram(kind, seed, length, !mask.interrupts());
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
