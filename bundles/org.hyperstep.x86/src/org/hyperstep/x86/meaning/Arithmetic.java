/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import static org.hyperstep.x86.decode.Mnemonic.ADC;
import static org.hyperstep.x86.decode.Mnemonic.ADCX;
import static org.hyperstep.x86.decode.Mnemonic.ADD;
import static org.hyperstep.x86.decode.Mnemonic.ADOX;
import static org.hyperstep.x86.decode.Mnemonic.AND;
import static org.hyperstep.x86.decode.Mnemonic.CMP;
import static org.hyperstep.x86.decode.Mnemonic.DEC;
import static org.hyperstep.x86.decode.Mnemonic.INC;
import static org.hyperstep.x86.decode.Mnemonic.NEG;
import static org.hyperstep.x86.decode.Mnemonic.NOT;
import static org.hyperstep.x86.decode.Mnemonic.OR;
import static org.hyperstep.x86.decode.Mnemonic.SBB;
import static org.hyperstep.x86.decode.Mnemonic.SUB;
import static org.hyperstep.x86.decode.Mnemonic.TEST;
import static org.hyperstep.x86.decode.Mnemonic.XADD;
import static org.hyperstep.x86.decode.Mnemonic.XOR;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.decode.Register;
import org.hyperstep.x86.execution.BlockBuilder;
import org.hyperstep.x86.execution.BlockBuilder.Address;
import org.hyperstep.x86.execution.Flags;
import org.hyperstep.x86.execution.Meaning;
import org.hyperstep.x86.execution.MicroOp;
import org.hyperstep.x86.execution.Slots;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.Feature;

/** Binary arithmetic and logic: one row of micro-operations for a register, three for memory. */
final class Arithmetic {
	private Arithmetic() {
	}

	static void define(Meanings table) {
		table.define(ADD, updating(MicroOp.ADD_8));
		table.define(ADC, updating(MicroOp.ADC_8));
		table.define(SUB, updating(MicroOp.SUB_8));
		table.define(SBB, updating(MicroOp.SBB_8));
		table.define(AND, updating(MicroOp.AND_8));
		table.define(OR, updating(MicroOp.OR_8));
		table.define(XOR, updating(MicroOp.XOR_8));
		table.define(CMP, comparing(MicroOp.SUB_8));
		table.define(TEST, comparing(MicroOp.AND_8));
		table.define(INC, counting(MicroOp.INC_8));
		table.define(DEC, counting(MicroOp.DEC_8));
		table.define(NEG, Arithmetic::negate);
		table.define(NOT, Arithmetic::complement);
		table.define(XADD, Arithmetic::exchangeAndAdd);
		table.define(ADCX, Feature.ADX, (block, i) -> addWithFlag(block, i, CpuState.CF));
		table.define(ADOX, Feature.ADX, (block, i) -> addWithFlag(block, i, CpuState.OF));
	}

	/** What happens to the value of a destination operand in a slot, in place. */
	@FunctionalInterface
	interface InPlace {
		void emit(int slot);
	}

	/** Reads, changes and writes a destination operand. The source must have been read before. */
	static void update(BlockBuilder block, Operand destination, int bits, InPlace change) {
		if (destination instanceof Operand.Mem mem) {
			Address at = block.address(mem, bits / 8, true);
			int value = block.modify(bits, at);
			change.emit(value);
			block.store(bits, value, at);
		} else if (destination instanceof Operand.Reg reg) {
			int slot = block.read(reg.register());
			change.emit(slot);
			if (reg.register().kind() == Register.Kind.GPR8_HIGH) {
				block.write(reg.register(), slot);
			}
		} else {
			throw new IllegalArgumentException(destination.toString());
		}
	}

	private static Meaning updating(int operation) {
		return (block, i) -> {
			int bits = i.operandSize();
			if (i.operand(1) instanceof Operand.Imm imm) {
				update(block, i.operand(0), bits,
						slot -> block.binaryImmediate(operation, bits, slot, slot, imm.value()));
			} else {
				int source = block.read(i.operand(1), bits);
				update(block, i.operand(0), bits, slot -> block.binary(operation, bits, slot, slot, source));
			}
		};
	}

	private static Meaning comparing(int operation) {
		return (block, i) -> block.binary(operation, i.operandSize(), Slots.DISCARD,
				block.read(i.operand(0), i.operandSize()), i.operand(1));
	}

	private static Meaning counting(int operation) {
		return (block, i) -> update(block, i.operand(0), i.operandSize(),
				slot -> block.binaryImmediate(operation, i.operandSize(), slot, slot, 1));
	}

	private static void negate(BlockBuilder block, Instruction i) {
		update(block, i.operand(0), i.operandSize(),
				slot -> block.binary(MicroOp.SUB_8, i.operandSize(), slot, Slots.ZERO, slot));
	}

	private static void complement(BlockBuilder block, Instruction i) {
		update(block, i.operand(0), i.operandSize(), slot -> {
			int inverse = block.temporary();
			block.put(MicroOp.NOT, inverse, 0, slot, 0, 0, 0);
			block.move(i.operandSize(), slot, inverse);
		});
	}

	private static void exchangeAndAdd(BlockBuilder block, Instruction i) {
		int bits = i.operandSize();
		Operand source = i.operand(1);
		int addend = block.read(source, bits);
		int old = block.temporary();
		if (i.operand(0) instanceof Operand.Mem mem) {
			Address at = block.address(mem, bits / 8, true);
			block.move(64, old, block.modify(bits, at));
			int sum = block.temporary();
			block.binary(MicroOp.ADD_8, bits, sum, old, addend);
			block.store(bits, sum, at);
			block.write(source, bits, old);
		} else {
			block.move(64, old, block.read(i.operand(0), bits));
			int sum = block.temporary();
			block.binary(MicroOp.ADD_8, bits, sum, old, addend);
			block.write(source, bits, old);
			block.write(i.operand(0), bits, sum);
		}
	}

	/** ADCX and ADOX: an addition whose carry goes in and out by one flag and leaves the others alone. */
	private static void addWithFlag(BlockBuilder block, Instruction i, long flag) {
		int bits = i.operandSize() == 64 ? 64 : 32;
		int sum = block.temporary();
		int addend = block.temporary();
		block.extend(bits, false, addend, block.read(i.operand(1), bits));
		block.extend(bits, false, sum, block.read(i.operand(0), bits));
		block.callInline((processor, instruction) -> addWithFlag(processor, bits, flag));
		block.write(i.operand(0), bits, sum);
	}

	private static void addWithFlag(Processor processor, int bits, long flag) {
		long[] g = processor.state().general;
		long flags = Flags.get(g);
		long x = processor.argument(0);
		long y = processor.argument(1);
		long sum = x + y + ((flags & flag) != 0 ? 1 : 0);
		long carries = x & y | (x | y) & ~sum;
		boolean carry = (carries >>> bits - 1 & 1) != 0;
		Flags.set(g, carry ? flags | flag : flags & ~flag);
		processor.result(sum);
	}
}
