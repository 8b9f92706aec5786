/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.x87;

import static org.hyperstep.x86.x87.X87Unit.C0;
import static org.hyperstep.x86.x87.X87Unit.C2;
import static org.hyperstep.x86.x87.X87Unit.C3;

/** Instructions whose destination is the condition codes, or the caller's flags. */
public final class Comparisons {
	private final X87Unit unit;
	private final Rounding rounding;
	private final Arithmetic arithmetic;
	/** Whether the comparison was completed: only then is anything popped. */
	private boolean completed;

	Comparisons(X87Unit unit) {
		this.unit = unit;
		rounding = unit.rounding;
		arithmetic = unit.arithmetic;
	}

	/** -1, 0 or 1 as ST(0) is less than, equal to or greater than ST(i), 2 where they are unordered. */
	private int compare(int i, boolean quietNansAreInvalid) {
		if (unit.isEmpty(0) || unit.isEmpty(i)) {
			completed = unit.stackUnderflow();
			return 2;
		}
		unit.read(0, unit.a);
		unit.read(i, unit.b);
		return compare(quietNansAreInvalid);
	}

	private int compare(boolean quietNansAreInvalid) {
		int order = arithmetic.compare(unit.a, unit.b, quietNansAreInvalid);
		completed = unit.report(false);
		return order;
	}

	/** FCOM and FUCOM: sets C3, C2 and C0, and pops so many times. */
	public void compareStack(int i, boolean quietNansAreInvalid, int pops) {
		setConditions(compare(i, quietNansAreInvalid), pops);
	}

	/** FCOM with a single or double. */
	public void compareMemory(long bits, boolean wide, int pops) {
		unit.b.setNarrow(bits, wide);
		compareWithMemory(pops);
	}

	/** FICOM, and FTST with 0. */
	public void compareInteger(long value, int pops) {
		unit.b.setInteger(value);
		compareWithMemory(pops);
	}

	private void compareWithMemory(int pops) {
		if (unit.isEmpty(0)) {
			completed = unit.stackUnderflow();
			setConditions(2, pops);
		} else {
			unit.read(0, unit.a);
			setConditions(compare(true), pops);
		}
	}

	private void setConditions(int order, int pops) {
		unit.setConditions(switch (order) {
			case -1 -> C0;
			case 0 -> C3;
			case 1 -> 0;
			default -> C0 | C2 | C3;
		});
		for (int k = 0; k < pops && completed; k++) {
			unit.pop();
		}
	}

	/**
	 * FCOMI and FUCOMI.
	 *
	 * @return -1, 0 or 1 as ST(0) is less than, equal to or greater than ST(i), 2 where they are unordered, 3 where an
	 *         unmasked invalid-operation exception keeps the flags from being set
	 */
	public int compareFlags(int i, boolean quietNansAreInvalid, boolean pop) {
		int order = compare(i, quietNansAreInvalid);
		if (pop && completed) {
			unit.pop();
		}
		return !completed && order == 2 && !rounding.masks(Rounding.INVALID) ? 3 : order;
	}

	/** FXAM. */
	public void examine() {
		unit.read(0, unit.a);
		Real a = unit.a;
		int codes = switch (a.kind) {
			case ZERO -> C3;
			case FINITE -> a.denormal ? C3 | C2 : C2;
			case INFINITY -> C2 | C0;
			case QUIET_NAN, SIGNALLING_NAN -> C0;
			case UNSUPPORTED -> 0;
		};
		unit.setConditions(unit.isEmpty(0) ? C3 | C0 : codes);
		unit.setC1(a.sign != 0);
	}
}
