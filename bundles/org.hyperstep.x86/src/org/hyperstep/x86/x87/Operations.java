/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.x87;

import static org.hyperstep.x86.x87.X87Unit.C0;
import static org.hyperstep.x86.x87.X87Unit.C2;
import static org.hyperstep.x86.x87.X87Unit.C3;

import org.hyperstep.x86.x87.Real.Kind;

/** Instructions whose destination is the register stack, the condition codes, or the caller's flags. */
public final class Operations {
	/** What two operands become. */
	public enum Binary {
		ADD, SUBTRACT, SUBTRACT_REVERSED, MULTIPLY, DIVIDE, DIVIDE_REVERSED
	}

	/** What becomes of ST(0). */
	public enum Unary {
		ROUND_TO_INTEGER, SQUARE_ROOT
	}

	/** What becomes of ST(0) by ST(1). */
	public enum ByNext {
		SCALE, REMAINDER, NEAREST_REMAINDER
	}

	/** Constants with the bits behind their 64 bits of precision. */
	public enum Constant {
		ZERO(0, 0, 0), ONE(0x3fff, 0x8000_0000_0000_0000L, 0), LOG2_10(0x4000, 0xd49a_784b_cd1b_8afeL, 0x492b_f6ff),
		LOG2_E(0x3fff, 0xb8aa_3b29_5c17_f0bbL, 0xbe87_fed0), PI(0x4000, 0xc90f_daa2_2168_c234L, 0xc4c6_628b),
		LOG10_2(0x3ffd, 0x9a20_9a84_fbcf_f798L, 0x8f89_59ac), LN_2(0x3ffe, 0xb172_17f7_d1cf_79abL, 0xc9e3_b398);

		final int exponent;
		final long high;
		final long low;

		Constant(int exponent, long high, int behind) {
			this.exponent = exponent;
			this.high = high;
			low = (long) behind << 32;
		}
	}

	private final X87Unit unit;
	private final Rounding rounding;
	private final Arithmetic arithmetic;

	Operations(X87Unit unit) {
		this.unit = unit;
		rounding = unit.rounding;
		arithmetic = unit.arithmetic;
	}

	// ---- arithmetic ----

	/** ST(destination) = ST(destination) op ST(source), and pops if wanted. */
	public void binary(Binary operation, int destination, int source, boolean pop) {
		boolean written;
		if (unit.isEmpty(destination) || unit.isEmpty(source)) {
			written = unit.stackUnderflow();
			if (written) {
				unit.writeIndefinite(destination);
			}
		} else {
			unit.read(destination, unit.a);
			unit.read(source, unit.b);
			written = compute(operation, destination);
		}
		if (pop && written) {
			unit.pop();
		}
	}

	/** ST(0) = ST(0) op a single or double in memory. */
	public void binary(Binary operation, long bits, boolean wide) {
		unit.b.setNarrow(bits, wide);
		withMemory(operation);
	}

	/** ST(0) = ST(0) op an integer. */
	public void binary(Binary operation, long value) {
		unit.b.setInteger(value);
		withMemory(operation);
	}

	private void withMemory(Binary operation) {
		if (!unit.isEmpty(0)) {
			unit.read(0, unit.a);
			compute(operation, 0);
		} else if (unit.stackUnderflow()) {
			unit.writeIndefinite(0);
		}
	}

	private boolean compute(Binary operation, int destination) {
		Real a = unit.a;
		Real b = unit.b;
		if (!arithmetic.propagate(a, b)) {
			switch (operation) {
				case ADD -> arithmetic.add(a, b);
				case SUBTRACT -> {
					b.sign ^= 1;
					arithmetic.add(a, b);
				}
				case SUBTRACT_REVERSED -> {
					a.sign ^= 1;
					arithmetic.add(b, a);
				}
				case MULTIPLY -> arithmetic.multiply(a, b);
				case DIVIDE -> arithmetic.divide(a, b);
				default -> arithmetic.divide(b, a);
			}
		}
		return unit.finish(destination);
	}

	/** ST(0) = op ST(0). */
	public void unary(Unary operation) {
		if (unit.isEmpty(0)) {
			if (unit.stackUnderflow()) {
				unit.writeIndefinite(0);
			}
			return;
		}
		unit.read(0, unit.a);
		if (!arithmetic.propagate(unit.a)) {
			if (operation == Unary.SQUARE_ROOT) {
				arithmetic.squareRoot(unit.a);
			} else {
				unit.scaling.roundToInteger(unit.a);
			}
		}
		unit.finish(0);
	}

	/** ST(0) = ST(0) op ST(1); remainders set the condition codes. */
	public void byNext(ByNext operation) {
		if (unit.isEmpty(0) || unit.isEmpty(1)) {
			if (operation != ByNext.SCALE) {
				unit.setPartial(false);
			}
			if (unit.stackUnderflow()) {
				unit.writeIndefinite(0);
			}
			return;
		}
		unit.read(0, unit.a);
		unit.read(1, unit.b);
		Scaling scaling = unit.scaling;
		scaling.begin();
		if (!arithmetic.propagate(unit.a, unit.b)) {
			if (operation == ByNext.SCALE) {
				scaling.scale(unit.a, unit.b);
			} else {
				scaling.remainder(unit.a, unit.b, operation == ByNext.NEAREST_REMAINDER);
			}
		}
		boolean written = unit.finish(0);
		if (operation != ByNext.SCALE) {
			setQuotient(written && scaling.divided);
		}
	}

	/** C0, C3 and C1 are the quotient's low bits; without a quotient C2 alone is cleared. */
	private void setQuotient(boolean divided) {
		unit.setPartial(divided && unit.scaling.partial);
		if (divided) {
			int q = unit.scaling.quotient;
			unit.setConditions((q & 4) << 6 | (q & 2) << 13 | (unit.scaling.partial ? C2 : 0));
			unit.setC1((q & 1) != 0);
		}
	}

	/** FXTRACT: ST(0) becomes its exponent, then its significand is pushed. */
	public void extract() {
		boolean empty = unit.isEmpty(0);
		if (empty || !unit.isEmpty(-1)) {
			boolean masked = empty ? unit.stackUnderflow() : unit.stackOverflow();
			if (masked) {
				unit.writeIndefinite(0);
				unit.rotate(-1);
				unit.writeIndefinite(0);
			}
			return;
		}
		unit.read(0, unit.a);
		Real a = unit.a;
		if (arithmetic.propagate(a)) {
			if (unit.finish(0)) {
				push(rounding.signAndExponent, rounding.significand);
			}
			return;
		}
		int significandWord = a.sign << 15 | (a.isInfinite() ? Real.SPECIAL : a.isZero() ? 0 : Real.BIAS);
		long significand = a.significand;
		arithmetic.checkDenormal(a, a);
		if (a.isZero()) {
			rounding.raised |= Rounding.DIVIDE_BY_ZERO;
			rounding.infinity(1);
		} else if (a.isInfinite()) {
			rounding.infinity(0);
		} else {
			exponentOf(a);
		}
		if (unit.finish(0)) {
			push(significandWord, significand);
		}
	}

	private void exponentOf(Real a) {
		unit.b.setInteger(a.exponent - Real.BIAS);
		rounding.set(unit.b.sign << 15 | unit.b.exponent, unit.b.significand);
	}

	/** FCHS (inverts the sign bit) and FABS (clears it), whatever ST(0) is. */
	public void sign(boolean change) {
		if (!unit.isEmpty(0)) {
			int word = unit.signAndExponent(0);
			unit.write(0, change ? word ^ 0x8000 : word & 0x7fff, unit.significand(0));
		} else if (unit.stackUnderflow()) {
			unit.writeIndefinite(0);
		}
	}

	// ---- comparisons ----

	/** Whether the comparison was completed: only then is anything popped. */
	private boolean completed;

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

	// ---- moves ----

	private void push(int signAndExponent, long significand) {
		unit.rotate(-1);
		unit.write(0, signAndExponent, significand);
	}

	private boolean fullStack() {
		if (unit.isEmpty(-1)) {
			return false;
		}
		if (unit.stackOverflow()) {
			unit.rotate(-1);
			unit.writeIndefinite(0);
		}
		return true;
	}

	/** FLD of a register. */
	public void load(int i) {
		if (unit.isEmpty(i)) {
			if (unit.stackUnderflow()) {
				unit.rotate(-1);
				unit.writeIndefinite(0);
			}
		} else if (!fullStack()) {
			push(unit.signAndExponent(i), unit.significand(i));
		}
	}

	/** FLD of double extended precision: no exception but the stack's. */
	public void loadExtended(int signAndExponent, long significand) {
		if (!fullStack()) {
			push(signAndExponent, significand);
		}
	}

	/** FLD of a single or double. */
	public void loadNarrow(long bits, boolean wide) {
		if (fullStack()) {
			return;
		}
		Real b = unit.b;
		b.setNarrow(bits, wide);
		if (!arithmetic.propagate(b)) {
			arithmetic.checkDenormal(b, b);
			rounding.set(b.sign << 15 | b.exponent, b.significand);
		}
		boolean invalid = (rounding.raised & Rounding.INVALID) != 0;
		if (unit.report(false) || !invalid) {
			// The value is loaded even where an unmasked denormal-operand exception is pending.
			push(rounding.signAndExponent, rounding.significand);
		}
	}

	/** FILD. */
	public void loadInteger(long value) {
		if (!fullStack()) {
			unit.b.setInteger(value);
			push(unit.b.sign << 15 | unit.b.exponent, unit.b.significand);
		}
	}

	/** FBLD. */
	public void loadDecimal(long low, long high) {
		if (!fullStack()) {
			unit.b.setInteger(Decimal80.magnitude(low, high));
			push((int) high & 0x8000 | unit.b.exponent, unit.b.significand);
		}
	}

	/** Pushes a constant, rounded as the control word says. */
	public void loadConstant(Constant constant) {
		if (fullStack()) {
			return;
		}
		if (constant == Constant.ZERO) {
			rounding.zero(0);
		} else {
			rounding.round(0, constant.exponent, constant.high, constant.low, 0);
		}
		push(rounding.signAndExponent, rounding.significand);
	}

	/** FST and FSTP to a register. */
	public void store(int i, boolean pop) {
		boolean written = true;
		if (!unit.isEmpty(0)) {
			unit.write(i, unit.signAndExponent(0), unit.significand(0));
		} else {
			written = unit.stackUnderflow();
			if (written) {
				unit.writeIndefinite(i);
			}
		}
		if (pop && written) {
			unit.pop();
		}
	}

	/** The alias D9 D8 of FSTP to a register: an empty one is popped without an exception. */
	public void storeIfValid(int i) {
		if (!unit.isEmpty(0)) {
			unit.write(i, unit.signAndExponent(0), unit.significand(0));
		}
		unit.pop();
	}

	/** FXCH. */
	public void exchange(int i) {
		if (unit.isEmpty(0) || unit.isEmpty(i)) {
			boolean first = unit.isEmpty(0);
			boolean second = unit.isEmpty(i);
			if (!unit.stackUnderflow()) {
				return;
			}
			if (first) {
				unit.writeIndefinite(0);
			}
			if (second) {
				unit.writeIndefinite(i);
			}
		}
		int word = unit.signAndExponent(0);
		long significand = unit.significand(0);
		unit.write(0, unit.signAndExponent(i), unit.significand(i));
		unit.write(i, word, significand);
	}

	/** FCMOVcc. */
	public void moveIf(boolean condition, int i) {
		if (unit.isEmpty(0) || unit.isEmpty(i)) {
			if (unit.stackUnderflow()) {
				unit.writeIndefinite(0);
			}
		} else if (condition) {
			unit.write(0, unit.signAndExponent(i), unit.significand(i));
		}
	}

	/** FFREE, and FFREEP which pops. */
	public void free(int i, boolean pop) {
		unit.free(i);
		if (pop) {
			unit.pop();
		}
	}

	/** FINCSTP (1) and FDECSTP (-1). */
	public void rotate(int by) {
		unit.rotate(by);
	}

	/** Whether ST(0) is a signalling NaN or in an unsupported format. */
	static boolean isInvalid(Real a) {
		return a.kind == Kind.SIGNALLING_NAN || a.kind == Kind.UNSUPPORTED;
	}
}
