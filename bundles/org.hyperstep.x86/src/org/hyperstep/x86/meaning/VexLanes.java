/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import java.util.Map;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.decode.Register;
import org.hyperstep.x86.execution.BlockBuilder;
import org.hyperstep.x86.execution.Flags;
import org.hyperstep.x86.execution.Routine;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.ExtendedState;

/** Executes the VEX form of a packed instruction: its operation on the lower lane of 128 bits, then on the upper one. */
final class VexLanes implements Routine {
	/** By how many bits of the immediate the upper lane's part lies above the lower one's. */
	private static final Map<Mnemonic, Integer> IMMEDIATE_BITS = Map.of(Mnemonic.VBLENDPS, 4, Mnemonic.VPBLENDD, 4,
			Mnemonic.VBLENDPD, 2, Mnemonic.VSHUFPD, 2, Mnemonic.VPERMILPD, 2, Mnemonic.VMPSADBW, 3);
	private static final int RESULT = 4;

	/** What becomes of the results of the two lanes. */
	private enum Result {
		/** Side by side. */
		VECTOR,
		/** The low halves of both, side by side: conversions to narrower elements. */
		NARROWED,
		/** In a general register, the upper lane's bits above the lower one's: masks of signs. */
		MASK,
		/** Flags, each set if both lanes set it. */
		FLAGS
	}

	private final VexOperands operands;
	private final LaneOperation operation;
	private final Result result;
	private final boolean floating;
	private final int third;
	private final int immediateBits;
	private final int maskBits;

	private VexLanes(Instruction i, PackedRow row) {
		boolean flags = row.result() == PackedRow.Result.FLAGS;
		operands = new VexOperands(i, flags);
		operation = row.operation(i);
		floating = row.floating();
		// Fused multiplications have the destination for their third source.
		third = VexFeatures.isFused(i.mnemonic()) ? VexOperands.number(i.operand(0)) : operands.third;
		immediateBits = IMMEDIATE_BITS.getOrDefault(i.mnemonic(), 0);
		maskBits = switch (i.mnemonic()) {
			case VMOVMSKPD -> 2;
			case VMOVMSKPS -> 4;
			default -> 16;
		};
		result = flags ? Result.FLAGS
				: !operands.wide ? Result.VECTOR
						: operands.destination instanceof Operand.Reg reg && isGeneral(reg.register()) ? Result.MASK
								: isNarrower(operands.destination) ? Result.NARROWED : Result.VECTOR;
	}

	private static boolean isGeneral(Register register) {
		return register.kind() == Register.Kind.GPR32 || register.kind() == Register.Kind.GPR64;
	}

	/** Whether this is the destination of 128 bits of an instruction that has a source of 256. */
	private static boolean isNarrower(Operand destination) {
		return destination instanceof Operand.Reg reg ? reg.register().kind() == Register.Kind.XMM
				: destination instanceof Operand.Mem mem && mem.size() == 16;
	}

	static void emit(BlockBuilder block, Instruction i, PackedRow row) {
		VexOperands.emit(block, i, new VexLanes(i, row));
	}

	@Override
	public void run(Processor processor, Instruction instruction) {
		long[] v = processor.scratch();
		VectorLane lane = processor.lane();
		ExtendedState state = processor.state().extended;
		operands.readSecond(processor, v);
		lane.bytes = 16;
		lane.immediate = operands.immediate;
		lane.bLow = v[0];
		lane.bHigh = v[1];
		readRegisters(lane, state.xmm);
		if (floating) {
			lane.unit.begin(state.mxcsr);
		}
		operation.apply(lane);
		v[RESULT] = lane.low;
		v[RESULT + 1] = lane.high;
		if (operands.wide) {
			lane.immediate = operands.immediate >> immediateBits;
			advance(lane, v);
			readRegisters(lane, state.ymmUpper);
			operation.apply(lane);
			v[RESULT + 2] = lane.low;
			v[RESULT + 3] = lane.high;
		}
		if (floating) {
			if (operands.destination instanceof Operand.Mem mem) {
				// A store that faults leaves MXCSR as it was.
				processor.mmu().prepareWrite(processor.argument(0), mem.size());
			}
			MxcsrExceptions.raise(processor, lane.unit);
		}
		finish(processor, v);
	}

	private void readRegisters(VectorLane lane, long[] from) {
		if (operands.first >= 0) {
			lane.low = lane.aLow = from[2 * operands.first];
			lane.high = lane.aHigh = from[2 * operands.first + 1];
		} else {
			lane.low = lane.aLow = 0;
			lane.high = lane.aHigh = 0;
		}
		if (third >= 0) {
			lane.cLow = from[2 * third];
			lane.cHigh = from[2 * third + 1];
		}
	}

	/** The second source of the upper lane. */
	private void advance(VectorLane lane, long[] v) {
		switch (operands.portion) {
			case 16 -> {
				lane.bLow = v[2];
				lane.bHigh = v[3];
			}
			case 8 -> lane.bLow = v[1];
			case 4 -> lane.bLow = v[0] >>> 32;
			case 2 -> lane.bLow = v[0] >>> 16;
			default -> {
				// the same one
			}
		}
	}

	private void finish(Processor processor, long[] v) {
		switch (result) {
			case FLAGS -> Flags.set(processor.state().general,
					operands.wide ? v[RESULT] & v[RESULT + 2] & (CpuState.ZF | CpuState.CF) : v[RESULT]);
			case MASK -> {
				v[RESULT] |= v[RESULT + 2] << maskBits;
				operands.write(processor, v, RESULT);
			}
			case NARROWED -> {
				v[RESULT + 1] = v[RESULT + 2];
				operands.write(processor, v, RESULT);
			}
			case VECTOR -> operands.write(processor, v, RESULT);
		}
	}
}
