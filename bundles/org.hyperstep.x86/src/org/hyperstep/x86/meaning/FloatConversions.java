/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.meaning.PackedRow.Alignment;
import org.hyperstep.x86.meaning.PackedRow.Result;
import org.hyperstep.x86.meaning.PackedTable.Section;

/** Conversions between singles, doubles and integers, in vector, MMX and general registers. */
final class FloatConversions {
	private static final long LOWER = 0xffff_ffffL, UPPER = ~LOWER;

	private FloatConversions() {
	}

	static void define(Section rows) {
		defineScalars(rows);
		definePacked(rows);
		defineMmx(rows);
	}

	private static void defineScalars(Section rows) {
		toGeneral(rows, Mnemonic.CVTSS2SI, false, false);
		toGeneral(rows, Mnemonic.CVTSD2SI, true, false);
		toGeneral(rows, Mnemonic.CVTTSS2SI, false, true);
		toGeneral(rows, Mnemonic.CVTTSD2SI, true, true);
		fromGeneral(rows, Mnemonic.CVTSI2SS, false);
		fromGeneral(rows, Mnemonic.CVTSI2SD, true);
		rows.floating(Mnemonic.CVTSS2SD, lane -> lane.set(lane.unit.convert(lane.bLow & LOWER, false), lane.aHigh));
		rows.floating(Mnemonic.CVTSD2SS,
				lane -> lane.set(lane.aLow & UPPER | lane.unit.convert(lane.bLow, true), lane.aHigh));
	}

	private static boolean wideInteger(Instruction i) {
		return i.operandSize() == 64;
	}

	private static void toGeneral(Section rows, Mnemonic mnemonic, boolean wide, boolean truncate) {
		long mask = wide ? -1 : LOWER;
		rows.define(mnemonic, Result.FIRST_OPERAND, Alignment.ANY, true, i -> {
			int bits = wideInteger(i) ? 64 : 32;
			return lane -> lane.low = lane.unit.toInteger(lane.bLow & mask, wide, bits, truncate);
		});
	}

	private static void fromGeneral(Section rows, Mnemonic mnemonic, boolean wide) {
		rows.define(mnemonic, Result.FIRST_OPERAND, Alignment.ANY, true, i -> {
			boolean source64 = wideInteger(i);
			return lane -> {
				long result = lane.unit.fromInteger(source64 ? lane.bLow : (int) lane.bLow, wide);
				lane.set(wide ? result : lane.aLow & UPPER | result, lane.aHigh);
			};
		});
	}

	private static void definePacked(Section rows) {
		rows.floating(Mnemonic.CVTDQ2PS,
				lane -> lane.set(singles(lane.unit, lane.bLow), singles(lane.unit, lane.bHigh)));
		rows.floating(Mnemonic.CVTDQ2PD, lane -> lane.set(lane.unit.fromInteger((int) lane.bLow, true),
				lane.unit.fromInteger(lane.bLow >> 32, true)));
		rows.floating(Mnemonic.CVTPS2DQ, ofSingles(false));
		rows.floating(Mnemonic.CVTTPS2DQ, ofSingles(true));
		rows.floating(Mnemonic.CVTPD2DQ, ofDoubles(false));
		rows.floating(Mnemonic.CVTTPD2DQ, ofDoubles(true));
		rows.floating(Mnemonic.CVTPS2PD, lane -> lane.set(lane.unit.convert(lane.bLow & LOWER, false),
				lane.unit.convert(lane.bLow >>> 32, false)));
		rows.floating(Mnemonic.CVTPD2PS, lane -> lane
				.set(lane.unit.convert(lane.bLow, true) | lane.unit.convert(lane.bHigh, true) << 32, 0));
	}

	private static long singles(FloatUnit unit, long integers) {
		return unit.fromInteger((int) integers, false) | unit.fromInteger(integers >> 32, false) << 32;
	}

	private static long integers(FloatUnit unit, long singles, boolean truncate) {
		return unit.toInteger(singles & LOWER, false, 32, truncate)
				| unit.toInteger(singles >>> 32, false, 32, truncate) << 32;
	}

	private static LaneOperation ofSingles(boolean truncate) {
		return lane -> lane.set(integers(lane.unit, lane.bLow, truncate), integers(lane.unit, lane.bHigh, truncate));
	}

	private static LaneOperation ofDoubles(boolean truncate) {
		return lane -> lane.set(lane.unit.toInteger(lane.bLow, true, 32, truncate)
				| lane.unit.toInteger(lane.bHigh, true, 32, truncate) << 32, 0);
	}

	/** Between two doublewords in an MMX register and singles or doubles in an XMM register. */
	private static void defineMmx(Section rows) {
		rows.floating(Mnemonic.CVTPI2PS, lane -> lane.set(singles(lane.unit, lane.bLow), lane.aHigh));
		rows.floating(Mnemonic.CVTPI2PD, lane -> lane.set(lane.unit.fromInteger((int) lane.bLow, true),
				lane.unit.fromInteger(lane.bLow >> 32, true)));
		rows.floating(Mnemonic.CVTPS2PI, lane -> lane.low = integers(lane.unit, lane.bLow, false));
		rows.floating(Mnemonic.CVTTPS2PI, lane -> lane.low = integers(lane.unit, lane.bLow, true));
		rows.floating(Mnemonic.CVTPD2PI, ofDoubles(false));
		rows.floating(Mnemonic.CVTTPD2PI, ofDoubles(true));
	}
}
