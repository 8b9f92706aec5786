/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.x87;

/** Loads, constants, and moves within the register stack. */
public final class Moves {
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

	Moves(X87Unit unit) {
		this.unit = unit;
		rounding = unit.rounding;
		arithmetic = unit.arithmetic;
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
			unit.push(unit.signAndExponent(i), unit.significand(i));
		}
	}

	/** FLD of double extended precision: no exception but the stack's. */
	public void loadExtended(int signAndExponent, long significand) {
		if (!fullStack()) {
			unit.push(signAndExponent, significand);
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
			unit.push(rounding.signAndExponent, rounding.significand);
		}
	}

	/** FILD. */
	public void loadInteger(long value) {
		if (!fullStack()) {
			unit.b.setInteger(value);
			unit.push(unit.b.sign << 15 | unit.b.exponent, unit.b.significand);
		}
	}

	/** FBLD. */
	public void loadDecimal(long low, long high) {
		if (!fullStack()) {
			unit.b.setInteger(Decimal80.magnitude(low, high));
			unit.push((int) high & 0x8000 | unit.b.exponent, unit.b.significand);
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
		unit.push(rounding.signAndExponent, rounding.significand);
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
}
