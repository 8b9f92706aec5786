/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.execution.BlockBuilder;
import org.hyperstep.x86.execution.Flags;
import org.hyperstep.x86.execution.Routine;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.Feature;

/** PCMPESTRI, PCMPESTRM, PCMPISTRI and PCMPISTRM (Intel SDM, "Imm8 Control Byte Operation for PCMPxSTRx"). */
final class StringComparisons {
	/** Aggregations in bits 3:2 of the immediate. */
	private static final int EQUAL_ANY = 0, RANGES = 1, EQUAL_EACH = 2;

	private StringComparisons() {
	}

	static void define(Meanings table) {
		table.define(Mnemonic.PCMPESTRI, Feature.SSE4_2, (block, i) -> emit(block, i, true, true));
		table.define(Mnemonic.PCMPESTRM, Feature.SSE4_2, (block, i) -> emit(block, i, true, false));
		table.define(Mnemonic.PCMPISTRI, Feature.SSE4_2, (block, i) -> emit(block, i, false, true));
		table.define(Mnemonic.PCMPISTRM, Feature.SSE4_2, (block, i) -> emit(block, i, false, false));
	}

	private static void emit(BlockBuilder block, Instruction i, boolean explicit, boolean index) {
		VectorOperand.emit(block, i, routine(i, explicit, index));
	}

	/**
	 * The comparison, whichever the encoding: to ECX, or to the low 128 bits of register 0.
	 *
	 * @param explicit whether EAX and EDX, or RAX and RDX, hold the lengths
	 * @param index    whether the result is an index, not a mask
	 */
	static Routine routine(Instruction i, boolean explicit, boolean index) {
		VectorOperand first = VectorOperand.of(i.operand(0), false);
		VectorOperand second = VectorOperand.of(i.operand(1), false);
		int immediate = VectorOperand.immediate(i);
		boolean wide = i.operandSize() == 64;
		int count = (immediate & 1) == 0 ? 16 : 8;
		return (p, instruction) -> {
			VectorLane lane = p.lane();
			second.readSecond(p, lane);
			first.readFirst(p.state().extended, lane);
			long[] g = p.state().general;
			int a = explicit ? length(g[CpuState.RAX], wide, count) : terminated(lane.aLow, lane.aHigh, count);
			int b = explicit ? length(g[CpuState.RDX], wide, count) : terminated(lane.bLow, lane.bHigh, count);
			int result = compare(lane, immediate, count, a, b);
			Flags.set(g, (result != 0 ? CpuState.CF : 0) | (b < count ? CpuState.ZF : 0)
					| (a < count ? CpuState.SF : 0) | ((result & 1) != 0 ? CpuState.OF : 0));
			if (index) {
				p.setGeneral(CpuState.RCX, 32, position(result, immediate, count));
			} else {
				writeMask(p, result, immediate, count);
			}
		};
	}

	/** The magnitude, at most the number of elements. */
	private static int length(long register, boolean wide, int count) {
		long value = wide ? register : (int) register;
		return value > -count && value < count ? (int) Math.abs(value) : count;
	}

	/** Elements before the first that is zero. */
	private static int terminated(long low, long high, int count) {
		int n = 0;
		while (n < count && element(low, high, n, count, false) != 0) {
			n++;
		}
		return n;
	}

	private static int element(long low, long high, int n, int count, boolean signed) {
		if (count == 16) {
			int value = (int) ((n < 8 ? low : high) >>> 8 * (n & 7));
			return signed ? (byte) value : value & 255;
		}
		int value = (int) ((n < 4 ? low : high) >>> 16 * (n & 3));
		return signed ? (short) value : value & 0xffff;
	}

	private static int compare(VectorLane lane, int immediate, int count, int a, int b) {
		int aggregation = immediate >> 2 & 3;
		boolean signed = (immediate & 2) != 0;
		int result = 0;
		for (int k = 0; k < count; k++) {
			boolean holds = switch (aggregation) {
				case EQUAL_ANY -> k < b && isAnyOf(lane, k, count, a);
				case RANGES -> k < b && isInRange(lane, k, count, a, signed);
				case EQUAL_EACH -> k < a == k < b && (k >= a || equal(lane, k, k, count));
				default -> isSubstring(lane, k, count, a, b);
			};
			result |= holds ? 1 << k : 0;
		}
		int inverted = (immediate & 0x10) == 0 ? 0 : (1 << ((immediate & 0x20) == 0 ? count : b)) - 1;
		return result ^ inverted;
	}

	private static boolean equal(VectorLane lane, int inFirst, int inSecond, int count) {
		return element(lane.aLow, lane.aHigh, inFirst, count, false) == element(lane.bLow, lane.bHigh, inSecond, count,
				false);
	}

	private static boolean isAnyOf(VectorLane lane, int k, int count, int a) {
		for (int n = 0; n < a; n++) {
			if (equal(lane, n, k, count)) {
				return true;
			}
		}
		return false;
	}

	private static boolean isInRange(VectorLane lane, int k, int count, int a, boolean signed) {
		int value = element(lane.bLow, lane.bHigh, k, count, signed);
		for (int n = 0; n + 1 < a; n += 2) {
			if (value >= element(lane.aLow, lane.aHigh, n, count, signed)
					&& value <= element(lane.aLow, lane.aHigh, n + 1, count, signed)) {
				return true;
			}
		}
		return false;
	}

	/** Whether the first string, or as much of it as there is room for, stands in the second at k. */
	private static boolean isSubstring(VectorLane lane, int k, int count, int a, int b) {
		for (int n = 0; n < a && k + n < count; n++) {
			if (k + n >= b || !equal(lane, n, k + n, count)) {
				return false;
			}
		}
		return true;
	}

	private static int position(int result, int immediate, int count) {
		if (result == 0) {
			return count;
		}
		return (immediate & 0x40) == 0 ? Integer.numberOfTrailingZeros(result)
				: 31 - Integer.numberOfLeadingZeros(result);
	}

	private static void writeMask(Processor p, int result, int immediate, int count) {
		if ((immediate & 0x40) == 0) {
			VectorOperand.writeXmm(p, 0, result, 0);
			return;
		}
		int bits = 128 / count;
		long low = 0;
		long high = 0;
		for (int k = 0; k < count / 2; k++) {
			long ones = -1L >>> 64 - bits << bits * k;
			low |= (result >> k & 1) != 0 ? ones : 0;
			high |= (result >> count / 2 + k & 1) != 0 ? ones : 0;
		}
		VectorOperand.writeXmm(p, 0, low, high);
	}
}
