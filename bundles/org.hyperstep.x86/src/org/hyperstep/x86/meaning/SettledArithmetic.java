/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.meaning.FloatUnit.Operation;

/**
 * Arithmetic by the host's own, for results that are rounded to nearest and raise no exception but perhaps the precision
 * exception, which is masked and was raised before.
 */
final class SettledArithmetic {
	private SettledArithmetic() {
	}

	private static boolean isNormal(double value) {
		return Math.abs(value) >= 0x1p-1021 && Math.abs(value) <= Double.MAX_VALUE;
	}

	/** The result by the host's arithmetic where nothing special can have happened, else 0. */
	static long ofDoubles(Operation operation, long first, long second) {
		double x = Double.longBitsToDouble(first);
		double y = Double.longBitsToDouble(second);
		if (!isNormal(x) || !isNormal(y)) {
			return 0;
		}
		double result = switch (operation) {
			case ADD -> x + y;
			case SUBTRACT -> x - y;
			case MULTIPLY -> x * y;
			default -> x / y;
		};
		return isNormal(result) ? Double.doubleToRawLongBits(result) : 0;
	}

	private static boolean isNormal(float value) {
		return Math.abs(value) >= 0x1p-125f && Math.abs(value) <= Float.MAX_VALUE;
	}

	/** As {@link #ofDoubles}, of singles. */
	static long ofSingles(Operation operation, long first, long second) {
		float x = Float.intBitsToFloat((int) first);
		float y = Float.intBitsToFloat((int) second);
		if (!isNormal(x) || !isNormal(y)) {
			return 0;
		}
		float result = switch (operation) {
			case ADD -> x + y;
			case SUBTRACT -> x - y;
			case MULTIPLY -> x * y;
			default -> x / y;
		};
		return isNormal(result) ? Float.floatToRawIntBits(result) & 0xffff_ffffL : 0;
	}
}
