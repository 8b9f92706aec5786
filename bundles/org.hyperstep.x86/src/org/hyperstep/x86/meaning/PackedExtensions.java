/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import static org.hyperstep.x86.meaning.PackedIntegers.elements;
import static org.hyperstep.x86.meaning.PackedIntegers.halves;

import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.meaning.PackedRow.Alignment;
import org.hyperstep.x86.meaning.PackedRow.Result;
import org.hyperstep.x86.meaning.PackedTable.Section;
import org.hyperstep.x86.state.CpuState;

/** The integer instructions of SSE4.1, and PCMPGTQ of SSE4.2. */
final class PackedExtensions {
	private PackedExtensions() {
	}

	static void define(Section rows) {
		defineArithmetic(rows);
		defineMinimaAndMaxima(rows);
		defineWidening(rows);
		defineElements(rows);
		rows.define(Mnemonic.MOVNTDQA, lane -> lane.set(lane.bLow, lane.bHigh));
		rows.define(Mnemonic.PTEST, Result.FLAGS, Alignment.ALIGNED, false, i -> lane -> {
			boolean none = (lane.aLow & lane.bLow | lane.aHigh & lane.bHigh) == 0;
			boolean covered = (~lane.aLow & lane.bLow | ~lane.aHigh & lane.bHigh) == 0;
			lane.low = (none ? CpuState.ZF : 0) | (covered ? CpuState.CF : 0);
		});
	}

	/** The rows of SSE4.2. */
	static void defineComparison(Section rows) {
		rows.define(Mnemonic.PCMPGTQ, halves((a, b) -> a > b ? -1 : 0));
	}

	private static void defineArithmetic(Section rows) {
		rows.define(Mnemonic.PMULDQ, halves((a, b) -> (long) (int) a * (int) b));
		rows.define(Mnemonic.PMULLD, elements(32, (a, b) -> a * b));
		rows.define(Mnemonic.PCMPEQQ, halves((a, b) -> a == b ? -1 : 0));
		rows.define(Mnemonic.PACKUSDW, PackedShuffles.packing(32, 0, 0xffff));
		rows.define(Mnemonic.PHMINPOSUW, PackedExtensions::smallestWord);
		rows.define(Mnemonic.MPSADBW, PackedExtensions::differencesOfBlocks);
	}

	private static void defineMinimaAndMaxima(Section rows) {
		rows.define(Mnemonic.PMINSB, elements(8, Math::min));
		rows.define(Mnemonic.PMINSD, elements(32, Math::min));
		rows.define(Mnemonic.PMINUW, elements(16, (a, b) -> Math.min(a & 0xffff, b & 0xffff)));
		rows.define(Mnemonic.PMINUD, elements(32, (a, b) -> Math.min(a & 0xffff_ffffL, b & 0xffff_ffffL)));
		rows.define(Mnemonic.PMAXSB, elements(8, Math::max));
		rows.define(Mnemonic.PMAXSD, elements(32, Math::max));
		rows.define(Mnemonic.PMAXUW, elements(16, (a, b) -> Math.max(a & 0xffff, b & 0xffff)));
		rows.define(Mnemonic.PMAXUD, elements(32, (a, b) -> Math.max(a & 0xffff_ffffL, b & 0xffff_ffffL)));
	}

	private static void defineWidening(Section rows) {
		rows.define(Mnemonic.PMOVSXBW, widening(8, 16, true));
		rows.define(Mnemonic.PMOVSXBD, widening(8, 32, true));
		rows.define(Mnemonic.PMOVSXBQ, widening(8, 64, true));
		rows.define(Mnemonic.PMOVSXWD, widening(16, 32, true));
		rows.define(Mnemonic.PMOVSXWQ, widening(16, 64, true));
		rows.define(Mnemonic.PMOVSXDQ, widening(32, 64, true));
		rows.define(Mnemonic.PMOVZXBW, widening(8, 16, false));
		rows.define(Mnemonic.PMOVZXBD, widening(8, 32, false));
		rows.define(Mnemonic.PMOVZXBQ, widening(8, 64, false));
		rows.define(Mnemonic.PMOVZXWD, widening(16, 32, false));
		rows.define(Mnemonic.PMOVZXWQ, widening(16, 64, false));
		rows.define(Mnemonic.PMOVZXDQ, widening(32, 64, false));
	}

	private static void defineElements(Section rows) {
		rows.define(Mnemonic.PBLENDW, lane -> lane.set(blendWords(lane.aLow, lane.bLow, lane.immediate),
				blendWords(lane.aHigh, lane.bHigh, lane.immediate >> 4)));
		rows.define(Mnemonic.PBLENDVB, lane -> lane.set(blend(lane.aLow, lane.bLow, signs(lane.cLow, 8)),
				blend(lane.aHigh, lane.bHigh, signs(lane.cHigh, 8))));
		rows.define(Mnemonic.PINSRB, PackedShuffles.inserting(8));
		rows.byInstruction(Mnemonic.PINSRD, i -> PackedShuffles.inserting(i.operandSize() == 64 ? 64 : 32));
		rows.define(Mnemonic.PEXTRB, PackedShuffles.extracting(8));
		rows.byInstruction(Mnemonic.PEXTRD, i -> PackedShuffles.extracting(i.operandSize() == 64 ? 64 : 32));
	}

	/** Where the mask has ones the second, else the first. */
	static long blend(long a, long b, long mask) {
		return a & ~mask | b & mask;
	}

	/** Elements of so many bits filled with their sign. */
	static long signs(long value, int bits) {
		long lowest = bits == 8 ? 0x0101_0101_0101_0101L : bits == 32 ? 0x1_0000_0001L : 1;
		long signs = value >>> bits - 1 & lowest;
		return (signs << bits - 1) - signs | signs << bits - 1;
	}

	private static long blendWords(long a, long b, int selected) {
		long mask = 0;
		for (int k = 0; k < 4; k++) {
			mask |= (selected >> k & 1) != 0 ? 0xffffL << 16 * k : 0;
		}
		return blend(a, b, mask);
	}

	/** The low elements of the second source, extended. */
	private static LaneOperation widening(int from, int to, boolean signed) {
		int count = 64 / to;
		return lane -> lane.set(widen(lane.bLow, from, to, signed),
				widen(lane.bLow >>> count * from, from, to, signed));
	}

	private static long widen(long value, int from, int to, boolean signed) {
		long result = 0;
		for (int k = 0; k < 64 / to; k++) {
			long left = value << 64 - from - k * from;
			long element = signed ? left >> 64 - from : left >>> 64 - from;
			result |= (element & -1L >>> 64 - to) << k * to;
		}
		return result;
	}

	/** The smallest of eight words, and its position; the first of equals. */
	private static void smallestWord(VectorLane lane) {
		long smallest = 0xffff;
		int position = 0;
		for (int k = 7; k >= 0; k--) {
			long word = (k < 4 ? lane.bLow : lane.bHigh) >>> 16 * (k & 3) & 0xffff;
			if (word <= smallest) {
				smallest = word;
				position = k;
			}
		}
		lane.set(smallest | (long) position << 16, 0);
	}

	/** Sums of absolute differences of a block of four bytes to the eight blocks that begin at bytes in a row. */
	private static void differencesOfBlocks(VectorLane lane) {
		long block = lane.bDoubleword(lane.immediate & 3);
		int start = lane.immediate & 4;
		long low = 0;
		long high = 0;
		for (int k = 0; k < 4; k++) {
			low |= differences(lane, start + k, block) << 16 * k;
			high |= differences(lane, start + k + 4, block) << 16 * k;
		}
		lane.set(low, high);
	}

	private static long differences(VectorLane lane, int start, long block) {
		long sum = 0;
		for (int k = 0; k < 4; k++) {
			int at = start + k;
			long a = (at < 8 ? lane.aLow : lane.aHigh) >>> 8 * (at & 7) & 255;
			sum += Math.abs(a - (block >>> 8 * k & 255));
		}
		return sum;
	}
}
