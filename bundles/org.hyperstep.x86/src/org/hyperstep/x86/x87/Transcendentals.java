/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.x87;

/**
 * Transcendental instructions. Finite results are correctly rounded, whatever the precision control; what is special is
 * so by the tables on each instruction's page of the manual.
 */
public final class Transcendentals {
	/** What ST(1) becomes of itself and of ST(0), which is popped. */
	public enum OfTwo {
		ARC_TANGENT, LOGARITHM, LOGARITHM_OF_ONE_MORE
	}

	/** Exponent from which on sines are not computed: C2. */
	private static final int TOO_LARGE = Real.BIAS + 63;
	/** Exponent below which two terms of the tangent's series are enough. */
	private static final int SMALL = -33;

	private final X87Unit unit;
	private final Rounding rounding;
	private final Elementary elementary = new Elementary();
	private final Reduction reduction = new Reduction();
	private final Logarithms logarithms;
	private final ArcTangent arcTangent;
	private final Wide result = new Wide();
	private final Wide other = new Wide();

	Transcendentals(X87Unit unit) {
		this.unit = unit;
		rounding = unit.rounding;
		logarithms = new Logarithms(rounding, elementary);
		arcTangent = new ArcTangent(rounding, elementary);
	}

	// ---- one operand, one result ----

	/** F2XM1. */
	public void exponential() {
		if (readsNothing()) {
			return;
		}
		Real a = unit.a;
		if (!unit.arithmetic.propagate(a)) {
			unit.arithmetic.checkDenormal(a, a);
			if (a.isZero()) {
				rounding.zero(a.sign);
			} else if (a.isInfinite()) {
				special(a.sign == 0);
			} else if (a.exponent >= Real.BIAS) {
				outside(a);
			} else {
				elementary.exponentialLessOne(result, result.set(a));
				round(rounding, result);
			}
		}
		unit.finish(0);
	}

	private void special(boolean positive) {
		if (positive) {
			rounding.infinity(0);
		} else {
			rounding.set(1 << 15 | Real.BIAS, Real.INTEGER_BIT);
		}
	}

	/** -1 gives -1/2; what is undefined stays as it is. */
	private void outside(Real a) {
		rounding.raised |= Rounding.PRECISION;
		boolean half = a.sign != 0 && a.exponent == Real.BIAS && a.significand == Real.INTEGER_BIT;
		rounding.set(a.sign << 15 | a.exponent - (half ? 1 : 0), a.significand);
	}

	/** FSIN. */
	public void sine() {
		unit.setPartial(false);
		if (!readsNothing() && !isTooLarge()) {
			angle(false);
			unit.finish(0);
		}
	}

	/** FCOS. */
	public void cosine() {
		unit.setPartial(false);
		if (!readsNothing() && !isTooLarge()) {
			angle(true);
			unit.finish(0);
		}
	}

	/** Responds to an empty ST(0), or reads it. */
	private boolean readsNothing() {
		if (unit.isEmpty(0)) {
			if (unit.stackUnderflow()) {
				unit.writeIndefinite(0);
			}
			return true;
		}
		unit.read(0, unit.a);
		return false;
	}

	private boolean isTooLarge() {
		boolean large = unit.a.isFinite() && unit.a.exponent >= TOO_LARGE;
		unit.setPartial(large);
		return large;
	}

	/** The sine or cosine of what was read, rounded. */
	private void angle(boolean cosine) {
		Real a = unit.a;
		if (unit.arithmetic.propagate(a)) {
			return;
		}
		if (a.isInfinite()) {
			rounding.invalid();
			return;
		}
		unit.arithmetic.checkDenormal(a, a);
		if (a.isZero()) {
			rounding.set(cosine ? Real.BIAS : a.sign << 15, cosine ? Real.INTEGER_BIT : 0);
			return;
		}
		reduction.reduce(a);
		circular(result, cosine ? reduction.quarters + 1 : reduction.quarters);
		result.sign ^= cosine ? 0 : a.sign;
		round(rounding, result);
	}

	/** The sine of the reduced angle and so many quarters more. */
	private void circular(Wide into, int quarters) {
		if ((quarters & 1) != 0) {
			elementary.cosine(into, reduction.angle);
		} else {
			elementary.sine(into, reduction.angle);
		}
		into.sign ^= quarters >> 1 & 1;
	}

	// ---- one operand, two results ----

	/** FSINCOS: ST(0) becomes its sine, then its cosine is pushed. */
	public void sineAndCosine() {
		if (hasNoRoom() || isTooLarge()) {
			return;
		}
		angle(false);
		int word = rounding.signAndExponent;
		long significand = rounding.significand;
		boolean roundedUp = rounding.roundedUp;
		if (unit.a.isInfinite() || unit.a.isNan() || unit.a.kind == Real.Kind.UNSUPPORTED) {
			pushAlike();
			return;
		}
		angle(true);
		rounding.roundedUp = roundedUp;
		if (unit.report(false)) {
			unit.write(0, word, significand);
			unit.push(rounding.signAndExponent, rounding.significand);
		}
	}

	/** FPTAN: ST(0) becomes its tangent, then 1 is pushed. */
	public void tangent() {
		if (hasNoRoom() || isTooLarge()) {
			return;
		}
		Real a = unit.a;
		if (unit.arithmetic.propagate(a)) {
			pushAlike();
			return;
		}
		if (a.isInfinite()) {
			rounding.invalid();
			pushAlike();
			return;
		}
		unit.arithmetic.checkDenormal(a, a);
		if (a.isZero()) {
			rounding.zero(a.sign);
		} else {
			reduction.reduce(a);
			if (reduction.angle.exponent < SMALL) {
				elementary.smallTangent(other, reduction.angle);
			} else {
				elementary.sine(result, reduction.angle);
				elementary.cosine(other, reduction.angle);
				other.divide(result, other);
			}
			if ((reduction.quarters & 1) != 0) {
				other.divide(result.setInteger(-1), other);
			}
			other.sign ^= a.sign;
			round(rounding, other);
		}
		if (unit.finish(0)) {
			unit.push(Real.BIAS, Real.INTEGER_BIT);
		}
	}

	/** ST(0) becomes the NaN, and it is pushed. */
	private void pushAlike() {
		if (unit.finish(0)) {
			unit.push(rounding.signAndExponent, rounding.significand);
		}
	}

	/** Responds to an empty ST(0) or to a full stack, or reads ST(0). */
	private boolean hasNoRoom() {
		unit.setPartial(false);
		boolean empty = unit.isEmpty(0);
		if (!empty && unit.isEmpty(-1)) {
			unit.read(0, unit.a);
			return false;
		}
		if (empty ? unit.stackUnderflow() : unit.stackOverflow()) {
			unit.writeIndefinite(0);
			unit.rotate(-1);
			unit.writeIndefinite(0);
		}
		return true;
	}

	// ---- two operands ----

	/** FPATAN, FYL2X and FYL2XP1. */
	public void binary(OfTwo operation) {
		if (unit.isEmpty(0) || unit.isEmpty(1)) {
			if (unit.stackUnderflow()) {
				unit.writeIndefinite(1);
				unit.pop();
			}
			return;
		}
		unit.read(0, unit.a);
		unit.read(1, unit.b);
		if (!unit.arithmetic.propagate(unit.a, unit.b)) {
			switch (operation) {
				case ARC_TANGENT -> arcTangent.compute(unit.b, unit.a);
				case LOGARITHM -> logarithms.logarithm(unit.a, unit.b);
				case LOGARITHM_OF_ONE_MORE -> logarithms.logarithmOfOneMore(unit.a, unit.b);
			}
		}
		if (unit.finish(1)) {
			unit.pop();
		}
	}

	/** Rounds what is never exact. */
	static void round(Rounding rounding, Wide value) {
		rounding.round(value.sign, value.exponent + Real.BIAS, value.high, value.low | 1, 0);
	}
}
