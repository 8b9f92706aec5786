/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import java.math.BigDecimal;

import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.meaning.FloatVectors.Shape;
import org.hyperstep.x86.meaning.PackedRow.Alignment;
import org.hyperstep.x86.meaning.PackedRow.Result;
import org.hyperstep.x86.meaning.PackedTable.Section;

/**
 * FMA: a product and a sum with one rounding. The operands are a = VEX.vvvv, b = ModR/M, c = the destination; the digits
 * of a name say which are multiplied (first and second digit) and which is added (third), counting destination, VEX.vvvv,
 * ModR/M.
 */
@SuppressWarnings("nls")
final class FusedMultiplyAdd {
	private static final long LOWER = 0xffff_ffffL, UPPER = ~LOWER;

	/** Which terms of an element of even number, and of odd number, are negated. */
	private enum Kind {
		FMADD(false, false, false), FMSUB(false, true, true), FNMADD(true, false, false), FNMSUB(true, true, true),
		FMADDSUB(false, true, false), FMSUBADD(false, false, true);

		final boolean negatesProduct;
		final boolean subtractsEven;
		final boolean subtractsOdd;

		Kind(boolean negatesProduct, boolean subtractsEven, boolean subtractsOdd) {
			this.negatesProduct = negatesProduct;
			this.subtractsEven = subtractsEven;
			this.subtractsOdd = subtractsOdd;
		}

		boolean subtracts(int element) {
			return (element & 1) == 0 ? subtractsEven : subtractsOdd;
		}
	}

	private FusedMultiplyAdd() {
	}

	static void define(Section rows) {
		for (Kind kind : Kind.values()) {
			for (String order : new String[] { "132", "213", "231" }) {
				for (Shape shape : Shape.values()) {
					if (shape.count > 1 || kind.subtractsEven == kind.subtractsOdd) {
						Mnemonic mnemonic = Mnemonic.valueOf("V" + kind + order + shape);
						LaneOperation operation = operation(kind, order, shape);
						rows.define(mnemonic, Result.FIRST_OPERAND, Alignment.ANY, true, i -> operation);
					}
				}
			}
		}
	}

	private static LaneOperation operation(Kind kind, String order, Shape shape) {
		return switch (shape) {
			case SD -> lane -> lane.set(element(lane.unit, kind, order, 0, lane.aLow, lane.bLow, lane.cLow, true),
					lane.cHigh);
			case PD -> lane -> lane.set(element(lane.unit, kind, order, 0, lane.aLow, lane.bLow, lane.cLow, true),
					element(lane.unit, kind, order, 1, lane.aHigh, lane.bHigh, lane.cHigh, true));
			case SS -> lane -> lane.set(lane.cLow & UPPER | element(lane.unit, kind, order, 0, lane.aLow & LOWER,
					lane.bLow & LOWER, lane.cLow & LOWER, false), lane.cHigh);
			case PS -> lane -> lane.set(pair(lane.unit, kind, order, lane.aLow, lane.bLow, lane.cLow),
					pair(lane.unit, kind, order, lane.aHigh, lane.bHigh, lane.cHigh));
		};
	}

	private static long pair(FloatUnit unit, Kind kind, String order, long a, long b, long c) {
		return element(unit, kind, order, 0, a & LOWER, b & LOWER, c & LOWER, false)
				| element(unit, kind, order, 1, a >>> 32, b >>> 32, c >>> 32, false) << 32;
	}

	private static long element(FloatUnit unit, Kind kind, String order, int number, long a, long b, long c,
			boolean wide) {
		boolean minus = kind.subtracts(number);
		return switch (order) {
			case "132" -> fused(unit, c, b, a, wide, kind.negatesProduct, minus);
			case "213" -> fused(unit, a, c, b, wide, kind.negatesProduct, minus);
			default -> fused(unit, a, b, c, wide, kind.negatesProduct, minus);
		};
	}

	/** ±x × y ± z. */
	private static long fused(FloatUnit unit, long x, long y, long z, boolean wide, boolean negative, boolean minus) {
		if (FloatUnit.isNan(x, wide) || FloatUnit.isNan(y, wide) || FloatUnit.isNan(z, wide)) {
			return nan(unit, x, y, z, wide);
		}
		int before = unit.raised();
		double first = FloatUnit.value(unit.take(x, wide), wide);
		double second = FloatUnit.value(unit.take(y, wide), wide);
		double third = FloatUnit.value(unit.take(z, wide), wide);
		return fused(unit, negative ? -first : first, second, minus ? -third : third, wide, before);
	}

	/** The first of them that is a NaN, made quiet. */
	private static long nan(FloatUnit unit, long x, long y, long z, boolean wide) {
		if (FloatUnit.isSignalling(x, wide) || FloatUnit.isSignalling(y, wide) || FloatUnit.isSignalling(z, wide)) {
			unit.raise(FloatUnit.INVALID);
		}
		return FloatUnit.quiet(FloatUnit.isNan(x, wide) ? x : FloatUnit.isNan(y, wide) ? y : z, wide);
	}

	/** @param before the flags before the operands were taken */
	private static long fused(FloatUnit unit, double x, double y, double z, boolean wide, int before) {
		double product = x * y;
		boolean infinite = Double.isInfinite(x) || Double.isInfinite(y);
		if (infinite && (x == 0 || y == 0 || Double.isInfinite(z) && z != product)) {
			return unit.invalid(wide, before);
		}
		if (infinite || Double.isInfinite(z)) {
			return unit.round(infinite ? product : z, 0, true, wide);
		}
		if (x == 0 || y == 0) {
			return z == 0 ? unit.zero(product, z, wide) : unit.round(z, 0, false, wide);
		}
		return wide ? wide(unit, x, y, z) : narrow(unit, product, z);
	}

	/** Singles: the product is exact as a double, and the sum is rounded to odd before the final rounding. */
	private static long narrow(FloatUnit unit, double product, double z) {
		double sum = product + z;
		double part = sum - product;
		double error = product - (sum - part) + (z - part);
		if (sum == 0 && error == 0) {
			return unit.zero(1, -1, false);
		}
		if (error != 0 && (Double.doubleToRawLongBits(sum) & 1) == 0) {
			sum = error > 0 ? Math.nextUp(sum) : Math.nextDown(sum);
		}
		return unit.round(sum, error, false, false);
	}

	private static long wide(FloatUnit unit, double x, double y, double z) {
		double nearest = Math.fma(x, y, z);
		if (Double.isInfinite(nearest)) {
			return unit.round(nearest, 0, false, true);
		}
		double error = error(x, y, z, nearest);
		return nearest == 0 && error == 0 ? unit.zero(1, -1, true) : unit.round(nearest, error, false, true);
	}

	/** Sign of x × y + z - nearest: Boldo's and Muller's exact error of a fused multiplication, or exact arithmetic. */
	private static double error(double x, double y, double z, double nearest) {
		double product = x * y;
		double magnitude = Math.abs(product);
		if (!(magnitude > 0x1p-900 && magnitude < 0x1p1000 && Math.abs(z) < 0x1p1000)) {
			return new BigDecimal(x).multiply(new BigDecimal(y)).add(new BigDecimal(z))
					.compareTo(new BigDecimal(nearest));
		}
		double rest = Math.fma(x, y, -product);
		double low = z + rest;
		double lowError = sumError(z, rest, low);
		double high = product + low;
		double highError = sumError(product, low, high);
		double gamma = high - nearest + highError;
		double sum = gamma + lowError;
		return sum != 0 ? sum : lowError - (sum - gamma);
	}

	private static double sumError(double a, double b, double sum) {
		double part = sum - a;
		return a - (sum - part) + (b - part);
	}
}
