/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.execution.BlockBuilder;
import org.hyperstep.x86.execution.Flags;
import org.hyperstep.x86.execution.Meaning;
import org.hyperstep.x86.execution.RegisterWidth;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.Feature;

/** BMI1 and BMI2. Flags that the manual leaves undefined are cleared. */
final class BitManipulation {
	/** A result of two zero-extended sources, of 32 or 64 bits; truncated by the caller. */
	@FunctionalInterface
	private interface Operation {
		long apply(long a, long b, int bits);
	}

	/** CF of such an operation. */
	@FunctionalInterface
	private interface Carry {
		boolean of(long a, long b, int bits);
	}

	private static final Carry NEVER = (a, b, bits) -> false;

	private BitManipulation() {
	}

	static void define(Meanings table) {
		table.define(Mnemonic.ANDN, Feature.BMI1, setting((a, b, bits) -> ~a & b, NEVER));
		table.define(Mnemonic.BEXTR, Feature.BMI1, setting(BitManipulation::extract, NEVER));
		// One operand is the destination, in VEX.vvvv; the second source does not matter.
		table.define(Mnemonic.BLSI, Feature.BMI1, setting((a, b, bits) -> a & -a, (a, b, bits) -> a != 0));
		table.define(Mnemonic.BLSMSK, Feature.BMI1, setting((a, b, bits) -> a ^ a - 1, (a, b, bits) -> a == 0));
		table.define(Mnemonic.BLSR, Feature.BMI1, setting((a, b, bits) -> a & a - 1, (a, b, bits) -> a == 0));
		table.define(Mnemonic.BZHI, Feature.BMI2, setting(
				(a, b, bits) -> (b & 255) < bits ? a & ~(-1L << (b & 255)) : a, (a, b, bits) -> (b & 255) >= bits));
		table.define(Mnemonic.PEXT, Feature.BMI2, plain((a, b, bits) -> Long.compress(a, b)));
		table.define(Mnemonic.PDEP, Feature.BMI2, plain((a, b, bits) -> Long.expand(a, b)));
		table.define(Mnemonic.SHLX, Feature.BMI2, plain((a, b, bits) -> a << (b & bits - 1)));
		table.define(Mnemonic.SHRX, Feature.BMI2, plain((a, b, bits) -> a >>> (b & bits - 1)));
		table.define(Mnemonic.SARX, Feature.BMI2,
				plain((a, b, bits) -> RegisterWidth.signed(bits, a) >> (b & bits - 1)));
		table.define(Mnemonic.RORX, Feature.BMI2, plain(BitManipulation::rotateRight));
		table.define(Mnemonic.MULX, Feature.BMI2, BitManipulation::multiply);
	}

	private static long extract(long a, long control, int bits) {
		int start = (int) control & 255;
		int length = (int) control >> 8 & 255;
		long shifted = start < bits ? a >>> start : 0;
		return length < 64 ? shifted & (1L << length) - 1 : shifted;
	}

	private static long rotateRight(long a, long count, int bits) {
		return bits == 64 ? Long.rotateRight(a, (int) count)
				: Integer.rotateRight((int) a, (int) count) & 0xffff_ffffL;
	}

	/** The sources as the routine's second and third argument, zero-extended; the first is for the result. */
	private static int prepare(BlockBuilder block, Instruction i) {
		int result = block.temporary();
		int first = block.temporary();
		int second = block.temporary();
		int bits = i.operandSize();
		block.extend(bits, false, first, block.read(i.operand(1), bits));
		if (i.operands().size() > 2) {
			block.extend(bits, false, second, block.read(i.operand(2), bits));
		}
		return result;
	}

	private static Meaning plain(Operation operation) {
		return (block, i) -> {
			int bits = i.operandSize();
			int result = prepare(block, i);
			block.callInline((p, instruction) -> p.result(operation.apply(p.argument(1), p.argument(2), bits)));
			block.write(i.operand(0), bits, result);
		};
	}

	/** SF and ZF by the result, CF as said, the others clear. */
	private static Meaning setting(Operation operation, Carry carry) {
		return (block, i) -> {
			int bits = i.operandSize();
			int result = prepare(block, i);
			block.callInline((p, instruction) -> {
				long a = p.argument(1);
				long b = p.argument(2);
				long value = RegisterWidth.signed(bits, operation.apply(a, b, bits));
				Flags.set(p.state().general, (value == 0 ? CpuState.ZF : 0) | (value < 0 ? CpuState.SF : 0)
						| (carry.of(a, b, bits) ? CpuState.CF : 0));
				p.result(value);
			});
			block.write(i.operand(0), bits, result);
		};
	}

	/** The lower half goes to the second operand first, so that the upper one stays where both are the same register. */
	private static void multiply(BlockBuilder block, Instruction i) {
		int bits = i.operandSize();
		int high = block.temporary();
		int low = block.temporary();
		block.extend(bits, false, low, block.read(i.operand(2), bits));
		block.callInline((p, instruction) -> {
			long a = RegisterWidth.unsigned(bits, p.state().general[CpuState.RDX]);
			long b = p.argument(1);
			p.result(bits == 64 ? Math.unsignedMultiplyHigh(a, b) : a * b >>> 32, a * b);
		});
		block.write(i.operand(1), bits, low);
		block.write(i.operand(0), bits, high);
	}
}
