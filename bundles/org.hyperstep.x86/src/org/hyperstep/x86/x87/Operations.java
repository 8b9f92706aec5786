/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.x87;

import static org.hyperstep.x86.x87.X87Unit.C2;

/** Arithmetic instructions, whose destination is the register stack. */
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

	private final X87Unit unit;
	private final Rounding rounding;
	private final Arithmetic arithmetic;

	Operations(X87Unit unit) {
		this.unit = unit;
		rounding = unit.rounding;
		arithmetic = unit.arithmetic;
	}

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
				unit.push(rounding.signAndExponent, rounding.significand);
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
			unit.push(significandWord, significand);
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
}
