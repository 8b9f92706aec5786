/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.x87;

/**
 * Elementary functions to some 120 bits, so that a result rounded to 64 bits is the correctly rounded one but for about
 * one operand in 2^50. Arguments are finite and not zero unless said otherwise.
 */
final class Elementary {
	private static final int SINE_TERMS = 17, EXPONENTIAL_TERMS = 20, LOGARITHM_TERMS = 26, ARC_TERMS = 12;
	/** 2^1x halved so many times before its series. */
	private static final int HALVINGS = 4;
	/** Arc tangents of k / 32 are known. */
	private static final int ARCS = 32;
	private static final Wide[] ARC = new Wide[ARCS + 1];

	private final Wide square = new Wide();
	private final Wide term = new Wide();
	private final Wide one = new Wide().setInteger(1);
	private final Wide x = new Wide();
	private final Wide y = new Wide();
	private final Wide z = new Wide();

	static {
		Elementary elementary = new Elementary();
		ARC[0] = new Wide();
		for (int k = 1; k <= ARCS; k++) {
			// tan(a - b) = (tan a - tan b) / (1 + tan a × tan b)
			Wide step = new Wide().setInteger(ARCS).divideBy(ARCS * ARCS + k * (k - 1));
			elementary.arcSeries(step, step, 2 * ARC_TERMS);
			ARC[k] = new Wide().add(ARC[k - 1], step);
		}
	}

	/** π / 2^shift. */
	static Wide pi(Wide result, int shift) {
		return result.set(1 - shift, 0xc90f_daa2_2168_c234L, 0xc4c6_628b_80dc_1cd1L);
	}

	private static Wide ln2(Wide result) {
		return result.set(-1, 0xb172_17f7_d1cf_79abL, 0xc9e3_b398_03f2_f6afL);
	}

	// ---- sine and cosine, of at most π / 4 ----

	/** a × (1 - a²/2·3 × (1 - a²/4·5 × …)) */
	void sine(Wide result, Wide a) {
		alternating(a, 2);
		result.multiply(term, a);
	}

	/** 1 - a²/1·2 × (1 - a²/3·4 × …) */
	void cosine(Wide result, Wide a) {
		alternating(a, 1);
		result.set(term);
	}

	/** a + a³/3 */
	void smallTangent(Wide result, Wide a) {
		term.multiply(a, a);
		term.multiply(term, a).divideBy(3);
		result.add(a, term);
	}

	private void alternating(Wide a, int first) {
		square.multiply(a, a);
		term.setInteger(1);
		for (int k = SINE_TERMS; k >= 0; k--) {
			int n = first + 2 * k;
			term.multiply(term, square).divideBy(n * (n + 1));
			term.add(one, term.negate());
		}
	}

	// ---- exponential ----

	/** 2^a - 1, with a from -1 to 1. */
	void exponentialLessOne(Wide result, Wide a) {
		x.multiply(a, ln2(x));
		x.exponent -= HALVINGS;
		// x × (1 + x/2 × (1 + x/3 × …))
		term.setInteger(1);
		for (int n = EXPONENTIAL_TERMS; n >= 2; n--) {
			term.multiply(term, x).divideBy(n);
			term.add(one, term);
		}
		result.multiply(term, x);
		for (int k = 0; k < HALVINGS; k++) {
			// e^2x - 1 = (e^x - 1) × (e^x - 1 + 2)
			y.setInteger(2);
			y.add(y, result);
			result.multiply(result, y);
		}
	}

	// ---- logarithm ----

	/** log2 of a positive number; 0 for 1. */
	void logarithm(Wide result, Wide a) {
		// a = 2^whole × m, with m from √½ to √2.
		boolean upper = Long.compareUnsigned(a.high, 0xb504_f333_f9de_6484L) > 0;
		int whole = a.exponent + (upper ? 1 : 0);
		x.set(upper ? -1 : 0, a.high, a.low);
		y.add(x, one);
		x.add(x, z.setInteger(-1));
		fraction(result);
		result.add(result, y.setInteger(whole));
	}

	/** log2(1 + a), with a above -1. */
	void logarithmOfOneMore(Wide result, Wide a) {
		if (a.exponent >= -2) {
			z.add(one, a);
			logarithm(result, z);
			return;
		}
		x.set(a);
		y.setInteger(2);
		y.add(y, a);
		fraction(result);
	}

	/** log2((1 + s) / (1 - s)) of s = x / y: 2 / ln 2 × (s + s³/3 + …). */
	private void fraction(Wide result) {
		if (x.isZero()) {
			result.setInteger(0);
			return;
		}
		x.divide(x, y);
		square.multiply(x, x);
		term.setInteger(0);
		for (int k = LOGARITHM_TERMS; k >= 0; k--) {
			term.multiply(term, square);
			term.add(term, y.setInteger(1).divideBy(2 * k + 1));
		}
		term.multiply(term, x);
		term.exponent++;
		result.divide(term, ln2(y));
	}

	// ---- arc tangent ----

	/** The arc tangent of a / b from 0 to 1, both positive and a not larger. */
	void arcTangent(Wide result, Wide a, Wide b) {
		x.divide(a, b);
		int k = x.exponent < -6 ? 0 : (int) (x.high >>> 57 - x.exponent) + 1 >> 1;
		if (k > 0) {
			// (x - c) / (1 + x × c), with c = k / 32
			y.setInteger(k);
			y.exponent -= 5;
			z.multiply(x, y);
			z.add(z, one);
			x.add(x, y.negate());
			x.divide(x, z);
		}
		arcSeries(result, x, ARC_TERMS);
		result.add(result, ARC[k]);
	}

	/** a - a³/3 + a⁵/5 - … */
	private void arcSeries(Wide result, Wide a, int terms) {
		if (a.isZero()) {
			result.setInteger(0);
			return;
		}
		square.multiply(a, a).negate();
		term.setInteger(0);
		for (int k = terms; k >= 0; k--) {
			term.multiply(term, square);
			term.add(term, y.setInteger(1).divideBy(2 * k + 1));
		}
		result.multiply(term, a);
	}
}
