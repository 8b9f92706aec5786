/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.meaning.PackedRow.Alignment;
import org.hyperstep.x86.meaning.PackedRow.Result;
import org.hyperstep.x86.meaning.PackedTable.Section;
import org.hyperstep.x86.state.CpuState;

/** Operations of AVX and AVX2 that have no legacy form and treat lanes of 128 bits alike. */
final class VexOperations {
	private static final long LOWER = 0xffff_ffffL, SIGNS = 0x8000_0000_8000_0000L;

	/** A shift of an element by a count of its own, below the width. */
	@FunctionalInterface
	private interface Shift {
		long apply(long element, long count);
	}

	private VexOperations() {
	}

	static void define(Section rows) {
		definePermutations(rows);
		defineBroadcasts(rows);
		defineShifts(rows);
		testing(rows, Mnemonic.VTESTPS, SIGNS);
		testing(rows, Mnemonic.VTESTPD, Long.MIN_VALUE);
		rows.define(Mnemonic.VPBLENDD, lane -> lane.set(blended(lane.aLow, lane.bLow, lane.immediate),
				blended(lane.aHigh, lane.bHigh, lane.immediate >> 2)));
	}

	private static void definePermutations(Section rows) {
		rows.byInstruction(Mnemonic.VPERMILPS, i -> i.operand(2) instanceof Operand.Imm ? lane -> {
			int order = lane.immediate;
			lane.set(lane.bDoubleword(order & 3) | lane.bDoubleword(order >> 2 & 3) << 32,
					lane.bDoubleword(order >> 4 & 3) | lane.bDoubleword(order >> 6 & 3) << 32);
		}
				: lane -> lane.set(selected(lane, lane.bLow), selected(lane, lane.bHigh)));
		rows.byInstruction(Mnemonic.VPERMILPD, i -> i.operand(2) instanceof Operand.Imm
				? lane -> lane.set((lane.immediate & 1) == 0 ? lane.bLow : lane.bHigh,
						(lane.immediate & 2) == 0 ? lane.bLow : lane.bHigh)
				: lane -> lane.set((lane.bLow & 2) == 0 ? lane.aLow : lane.aHigh,
						(lane.bHigh & 2) == 0 ? lane.aLow : lane.aHigh));
	}

	/** The two doublewords of the first source that two controls name. */
	private static long selected(VectorLane lane, long controls) {
		return lane.aDoubleword((int) controls & 3) | lane.aDoubleword((int) (controls >>> 32) & 3) << 32;
	}

	private static void defineBroadcasts(Section rows) {
		broadcasting(rows, Mnemonic.VPBROADCASTB, 0xff, 0x0101_0101_0101_0101L);
		broadcasting(rows, Mnemonic.VPBROADCASTW, 0xffff, 0x0001_0001_0001_0001L);
		broadcasting(rows, Mnemonic.VPBROADCASTD, LOWER, 0x1_0000_0001L);
		broadcasting(rows, Mnemonic.VPBROADCASTQ, -1, 1);
		broadcasting(rows, Mnemonic.VBROADCASTSS, LOWER, 0x1_0000_0001L);
		broadcasting(rows, Mnemonic.VBROADCASTSD, -1, 1);
		rows.unaligned(Mnemonic.VBROADCASTF128, lane -> lane.set(lane.bLow, lane.bHigh));
		rows.unaligned(Mnemonic.VBROADCASTI128, lane -> lane.set(lane.bLow, lane.bHigh));
	}

	private static void broadcasting(Section rows, Mnemonic mnemonic, long mask, long repetition) {
		rows.unaligned(mnemonic, lane -> {
			long all = (lane.bLow & mask) * repetition;
			lane.set(all, all);
		});
	}

	private static void defineShifts(Section rows) {
		shifting32(rows, Mnemonic.VPSLLVD, (element, count) -> count > 31 ? 0 : element << count);
		shifting32(rows, Mnemonic.VPSRLVD, (element, count) -> count > 31 ? 0 : element >>> count);
		shifting32(rows, Mnemonic.VPSRAVD, (element, count) -> (int) element >> Math.min(count, 31));
		shifting64(rows, Mnemonic.VPSLLVQ, (element, count) -> count < 0 || count > 63 ? 0 : element << count);
		shifting64(rows, Mnemonic.VPSRLVQ, (element, count) -> count < 0 || count > 63 ? 0 : element >>> count);
	}

	private static void shifting32(Section rows, Mnemonic mnemonic, Shift shift) {
		rows.define(mnemonic, lane -> lane.set(both(lane.aLow, lane.bLow, shift), both(lane.aHigh, lane.bHigh, shift)));
	}

	private static long both(long elements, long counts, Shift shift) {
		return shift.apply(elements & LOWER, counts & LOWER) & LOWER
				| shift.apply(elements >>> 32, counts >>> 32) << 32;
	}

	private static void shifting64(Section rows, Mnemonic mnemonic, Shift shift) {
		rows.define(mnemonic,
				lane -> lane.set(shift.apply(lane.aLow, lane.bLow), shift.apply(lane.aHigh, lane.bHigh)));
	}

	/** ZF: no sign is set in both; CF: none in the second source alone. The others are cleared. */
	private static void testing(Section rows, Mnemonic mnemonic, long signs) {
		rows.define(mnemonic, Result.FLAGS, Alignment.ANY, false, i -> lane -> {
			boolean zero = ((lane.bLow & lane.aLow | lane.bHigh & lane.aHigh) & signs) == 0;
			boolean carry = ((lane.bLow & ~lane.aLow | lane.bHigh & ~lane.aHigh) & signs) == 0;
			lane.low = (zero ? CpuState.ZF : 0) | (carry ? CpuState.CF : 0);
		});
	}

	/** Doublewords of the first source, or of the second where the mask has a bit. */
	private static long blended(long a, long b, int mask) {
		long taken = ((mask & 1) == 0 ? 0 : LOWER) | ((mask & 2) == 0 ? 0 : ~LOWER);
		return a & ~taken | b & taken;
	}
}
