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
	/** Programs that a check has at most: so often there is something to be seen of a long proof. */
	private static final int LARGEST_CHECK = 25_000;
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
		long portion = Math.min(LARGEST_CHECK, Math.max(1, (options.programs() + CHECKS - 1) / CHECKS));
		for (long done = 0; done < options.programs(); done += portion) {
			long first = options.seed() + done;
			long last = options.seed() + Math.min(options.programs(), done + portion) - 1;
			checks.add(new Check("programs " + first + " to " + last, () -> prove(first, last)));
		}
		return checks;
	}

	/** Programs of one column and kind one after another, as they share guests and much of their memory. */
	private static String prove(long first, long last) throws CheckFailure {
		long steps = 0;
		for (StepCase column : COLUMNS) {
			GuestPair pair = new GuestPair(column, KINDS[0]);
			for (ProgramKind kind : KINDS) {
				for (long seed = first; seed <= last; seed++) {
					Turn turn = Turn.of(seed);
					if (turn.column == column && turn.kind == kind) {
						steps += prove(seed, turn, pair);
					}
				}
			}
			if (pair.loaded() && pair.differenceInAll() >= 0) {
				throw new CheckFailure(column.label() + ": some program of " + first + " to " + last
						+ " has left a difference in memory at 0x" + Long.toHexString(pair.differenceInAll()));
			}
		}
		return steps + " steps";
	}

	/** Programs in a guest hypervisor's guest, from seed 1 to a last one. */
	static String proveNested(StepCase column, long last) throws CheckFailure {
		long steps = 0;
		GuestPair pair = new GuestPair(column, ProgramKind.NESTED_KERNEL);
		for (long seed = 1; seed <= last; seed++) {
			EventMask mask = MASKS[(int) (seed % MASKS.length)];
			steps += prove(seed, new Turn(column, mask, ProgramKind.NESTED_KERNEL, lengthOf(seed)), pair);
		}
		return steps + " steps";
	}

	/** Columns, masks, modes and lengths take turns, so that programs meet each combination of them. */
	private record Turn(StepCase column, EventMask mask, ProgramKind kind, int length) {
		static Turn of(long seed) {
			long turn = seed;
			StepCase column = COLUMNS[(int) Long.remainderUnsigned(turn, COLUMNS.length)];
			turn /= COLUMNS.length;
			EventMask mask = MASKS[(int) Long.remainderUnsigned(turn, MASKS.length)];
			turn /= MASKS.length;
			ProgramKind kind = KINDS[(int) Long.remainderUnsigned(turn, KINDS.length)];
			turn /= KINDS.length;
			return new Turn(column, mask, kind, lengthOf(turn));
		}
	}

	/** How long the program is whose turn it is. */
	private static int lengthOf(long turn) {
		return Long.remainderUnsigned(turn, LONG_ONE) == 0 ? LONG
				: SHORTEST + (int) Long.remainderUnsigned(turn, LENGTHS);
	}

	private static long prove(long seed, Turn turn, GuestPair pair) throws CheckFailure {
		GeneratedProgram program = new GeneratedProgram(turn.kind, seed, turn.length, !turn.mask.interrupts());
		SteppedBesideFree run = new SteppedBesideFree(pair, program, turn.column, turn.mask);
		String difference = run.difference();
		if (difference.isEmpty()) {
			return run.steps();
		}
		String alone = alone(program, turn);
		String what = alone.isEmpty()
				? difference + ", but not in guests of its own: it takes one of the programs before it to see that"
				: alone + "; shortest: " + shrink(program, turn);
		throw new CheckFailure("program " + seed + " (" + turn.column.label() + ", mask " + turn.mask + "): " + what);
	}

	/** What a program comes to in guests of its own. */
	private static String alone(GeneratedProgram program, Turn turn) {
		return new SteppedBesideFree(new GuestPair(turn.column, turn.kind), program, turn.column, turn.mask)
				.difference();
	}

	/** Takes pieces out as long as the rest fails, ever smaller ones. */
	private static GeneratedProgram shrink(GeneratedProgram failing, Turn turn) {
		GeneratedProgram shortest = failing;
		for (int size = failing.length() / 2; size > 0; size /= 2) {
			for (int from = shortest.length() - size; from >= 0; from--) {
				GeneratedProgram shorter = shortest.without(from, from + size);
				if (!alone(shorter, turn).isEmpty()) {
					shortest = shorter;
					from = Math.min(from, shortest.length() - size + 1);
				}
			}
		}
		return shortest;
	}
}
