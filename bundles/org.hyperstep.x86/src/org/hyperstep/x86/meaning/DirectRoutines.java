/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.execution.Routine;
import org.hyperstep.x86.meaning.PackedIntegers.Half;
import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.meaning.PackedRow.Alignment;
import org.hyperstep.x86.meaning.VectorOperand.Kind;

/** The most frequent shapes of legacy packed instructions, without a lane between registers and operation. */
final class DirectRoutines {
	/** An operation on halves that are treated alike. */
	record Halves(Half half) implements LaneOperation {
		@Override
		public void apply(VectorLane lane) {
			lane.low = half.apply(lane.aLow, lane.bLow);
			lane.high = half.apply(lane.aHigh, lane.bHigh);
		}
	}

	/** The move of a whole register. */
	record Whole() implements LaneOperation {
		@Override
		public void apply(VectorLane lane) {
			lane.set(lane.bLow, lane.bHigh);
		}
	}

	private DirectRoutines() {
	}

	/** A routine for XMM registers and 16 bytes of memory, null where the general one must do. */
	static @Nullable Routine of(Instruction i, PackedRow row, LaneOperation operation) {
		boolean aligned = row.alignment() == Alignment.ALIGNED;
		if (i.operands().size() != 2) {
			return null;
		}
		VectorOperand to = VectorOperand.of(i.operand(0), aligned);
		VectorOperand from = VectorOperand.of(i.operand(1), aligned);
		boolean fromMemory = from.bytes() == 16 && from.kind() != Kind.XMM;
		long misaligned = aligned ? 15 : 0;
		int d = 2 * to.number();
		int s = 2 * from.number();
		if (operation instanceof Whole) {
			if (to.kind() != Kind.XMM) {
				return to.bytes() == 16 ? store(s, misaligned) : null;
			}
			return fromMemory ? load(d, misaligned) : from.kind() == Kind.XMM ? move(d, s) : null;
		}
		if (operation instanceof Halves halves && to.kind() == Kind.XMM && (fromMemory || from.kind() == Kind.XMM)) {
			return fromMemory ? withMemory(halves.half, d, misaligned) : between(halves.half, d, s);
		}
		return null;
	}

	private static Routine move(int d, int s) {
		return (p, instruction) -> {
			long[] xmm = p.state().extended.xmm;
			xmm[d] = xmm[s];
			xmm[d + 1] = xmm[s + 1];
		};
	}

	private static Routine load(int d, long misaligned) {
		return (p, instruction) -> {
			long linear = p.argument(0);
			if ((linear & misaligned) != 0) {
				throw p.fault().raise(Vector.GP, 0, 0);
			}
			Mmu mmu = p.mmu();
			long low = mmu.read64(linear);
			long high = mmu.read64(linear + 8);
			long[] xmm = p.state().extended.xmm;
			xmm[d] = low;
			xmm[d + 1] = high;
		};
	}

	private static Routine store(int s, long misaligned) {
		return (p, instruction) -> {
			long linear = p.argument(0);
			if ((linear & misaligned) != 0) {
				throw p.fault().raise(Vector.GP, 0, 0);
			}
			long[] xmm = p.state().extended.xmm;
			Mmu mmu = p.mmu();
			mmu.prepareWrite(linear, 16);
			mmu.write64(linear, xmm[s]);
			mmu.write64(linear + 8, xmm[s + 1]);
		};
	}

	private static Routine between(Half half, int d, int s) {
		return (p, instruction) -> {
			long[] xmm = p.state().extended.xmm;
			xmm[d] = half.apply(xmm[d], xmm[s]);
			xmm[d + 1] = half.apply(xmm[d + 1], xmm[s + 1]);
		};
	}

	private static Routine withMemory(Half half, int d, long misaligned) {
		return (p, instruction) -> {
			long linear = p.argument(0);
			if ((linear & misaligned) != 0) {
				throw p.fault().raise(Vector.GP, 0, 0);
			}
			Mmu mmu = p.mmu();
			long low = mmu.read64(linear);
			long high = mmu.read64(linear + 8);
			long[] xmm = p.state().extended.xmm;
			xmm[d] = half.apply(xmm[d], low);
			xmm[d + 1] = half.apply(xmm[d + 1], high);
		};
	}
}
