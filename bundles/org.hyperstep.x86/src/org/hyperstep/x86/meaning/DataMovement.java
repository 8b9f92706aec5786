/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import static org.hyperstep.x86.decode.Mnemonic.CBW;
import static org.hyperstep.x86.decode.Mnemonic.CMOVCC;
import static org.hyperstep.x86.decode.Mnemonic.CMPXCHG;
import static org.hyperstep.x86.decode.Mnemonic.CMPXCHG8B;
import static org.hyperstep.x86.decode.Mnemonic.CWD;
import static org.hyperstep.x86.decode.Mnemonic.LEA;
import static org.hyperstep.x86.decode.Mnemonic.MOV;
import static org.hyperstep.x86.decode.Mnemonic.MOVBE;
import static org.hyperstep.x86.decode.Mnemonic.MOVNTI;
import static org.hyperstep.x86.decode.Mnemonic.MOVSX;
import static org.hyperstep.x86.decode.Mnemonic.MOVSXD;
import static org.hyperstep.x86.decode.Mnemonic.MOVZX;
import static org.hyperstep.x86.decode.Mnemonic.SETCC;
import static org.hyperstep.x86.decode.Mnemonic.XCHG;
import static org.hyperstep.x86.decode.Mnemonic.XLAT;
import static org.hyperstep.x86.state.CpuState.RAX;
import static org.hyperstep.x86.state.CpuState.RBX;
import static org.hyperstep.x86.state.CpuState.RCX;
import static org.hyperstep.x86.state.CpuState.RDX;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.decode.Register;
import org.hyperstep.x86.execution.BlockBuilder;
import org.hyperstep.x86.execution.BlockBuilder.Address;
import org.hyperstep.x86.execution.Flags;
import org.hyperstep.x86.execution.MicroOp;
import org.hyperstep.x86.execution.Slots;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.Feature;

/** Moves, exchanges, extensions, conditional moves. */
final class DataMovement {
	private static final int CONDITION_Z = 4, CONDITION_NZ = 5;

	private DataMovement() {
	}

	static void define(Meanings table) {
		table.define(MOV, DataMovement::move);
		table.define(MOVNTI, DataMovement::move);
		table.define(MOVZX, (block, i) -> extend(block, i, false));
		table.define(MOVSX, (block, i) -> extend(block, i, true));
		table.define(MOVSXD, (block, i) -> extend(block, i, true));
		table.define(MOVBE, Feature.MOVBE, DataMovement::moveSwapped);
		table.define(LEA, DataMovement::loadEffectiveAddress);
		table.define(XCHG, DataMovement::exchange);
		table.define(CMPXCHG, DataMovement::compareAndExchange);
		table.define(CMPXCHG8B, DataMovement::compareAndExchangePair);
		table.define(CMOVCC, DataMovement::moveConditionally);
		table.define(SETCC, DataMovement::setConditionally);
		table.define(CBW, DataMovement::extendAccumulator);
		table.define(CWD, DataMovement::extendIntoDx);
		table.define(XLAT, DataMovement::translate);
	}

	private static void move(BlockBuilder block, Instruction i) {
		int bits = i.operandSize();
		Operand to = i.operand(0);
		Operand from = i.operand(1);
		if (to instanceof Operand.Reg reg && reg.register().kind() != Register.Kind.GPR8_HIGH) {
			int d = BlockBuilder.slot(reg.register());
			if (from instanceof Operand.Imm imm) {
				block.moveImmediate(bits, d, imm.value());
				return;
			}
			if (from instanceof Operand.Mem mem && bits >= 32) {
				block.load(bits, d, block.address(mem, bits / 8, false));
				return;
			}
		}
		block.write(to, bits, block.read(from, bits));
	}

	/** Width in bits of the source of MOVZX, MOVSX, MOVSXD. */
	private static int sourceWidth(Operand source) {
		return switch (source) {
			case Operand.Mem mem -> mem.size() * 8;
			case Operand.Reg reg -> switch (reg.register().kind()) {
				case GPR8, GPR8_HIGH -> 8;
				case GPR16 -> 16;
				default -> 32;
			};
			default -> throw new IllegalArgumentException(source.toString());
		};
	}

	private static void extend(BlockBuilder block, Instruction i, boolean signed) {
		Operand.Reg to = (Operand.Reg) i.operand(0);
		int bits = i.operandSize();
		int from = sourceWidth(i.operand(1));
		int d = BlockBuilder.slot(to.register());
		// Zero-extension is the same for 32 and 64 bits; so is sign-extension to 64 bits.
		boolean direct = bits == 64 || !signed && bits == 32;
		int extended = direct ? d : block.temporary();
		if (i.operand(1) instanceof Operand.Mem mem) {
			Address at = block.address(mem, from / 8, false);
			if (signed && from < 64) {
				block.loadSigned(from, extended, at);
			} else {
				block.load(from, extended, at);
			}
		} else {
			block.extend(from, signed, extended, block.read(i.operand(1), from));
		}
		if (!direct) {
			block.move(bits, d, extended);
		}
	}

	private static void moveSwapped(BlockBuilder block, Instruction i) {
		int bits = i.operandSize();
		int swapped = block.temporary();
		block.generic(MicroOp.BSWAP, bits, swapped, 0, block.read(i.operand(1), bits), 0);
		block.write(i.operand(0), bits, swapped);
	}

	private static void loadEffectiveAddress(BlockBuilder block, Instruction i) {
		Operand.Reg to = (Operand.Reg) i.operand(0);
		Operand.Mem mem = (Operand.Mem) i.operand(1);
		int d = BlockBuilder.slot(to.register());
		if (i.operandSize() == 64) {
			block.effectiveAddress(d, mem);
		} else {
			int address = block.temporary();
			block.effectiveAddress(address, mem);
			block.move(i.operandSize(), d, address);
		}
	}

	private static void exchange(BlockBuilder block, Instruction i) {
		int bits = i.operandSize();
		Operand first = i.operand(0);
		Operand second = i.operand(1);
		int new0 = block.read(second, bits);
		if (first instanceof Operand.Mem mem) {
			Address at = block.address(mem, bits / 8, true);
			int old = block.modify(bits, at);
			block.store(bits, new0, at);
			block.write(second, bits, old);
		} else {
			int old = block.temporary();
			block.move(64, old, block.read(first, bits));
			block.write(first, bits, new0);
			block.write(second, bits, old);
		}
	}

	private static void compareAndExchange(BlockBuilder block, Instruction i) {
		int bits = i.operandSize();
		int replacement = block.read(i.operand(1), bits);
		if (i.operand(0) instanceof Operand.Mem mem) {
			Address at = block.address(mem, bits / 8, true);
			int old = block.modify(bits, at);
			block.store(bits, chooseReplacement(block, bits, old, replacement), at);
			replaceAccumulator(block, bits, old);
		} else {
			compareAndExchangeRegister(block, bits, ((Operand.Reg) i.operand(0)).register(), replacement);
		}
	}

	/** A register destination is not written at all where the comparison fails: its upper half stays. */
	private static void compareAndExchangeRegister(BlockBuilder block, int bits, Register destination,
			int replacement) {
		int old = block.temporary();
		block.extend(bits, false, old, block.read(destination));
		int chosen = chooseReplacement(block, bits, old, replacement);
		replaceAccumulator(block, bits, old);
		if (destination.kind() == Register.Kind.GPR8_HIGH) {
			block.write(destination, chosen);
			return;
		}
		int slot = BlockBuilder.slot(destination);
		block.move(64, chosen, slot);
		block.move(bits, chosen, replacement);
		block.moveIf(CONDITION_Z, 64, slot, chosen);
	}

	private static int chooseReplacement(BlockBuilder block, int bits, int old, int replacement) {
		block.binary(MicroOp.SUB_8, bits, Slots.DISCARD, RAX, old);
		int chosen = block.temporary();
		block.move(64, chosen, old);
		block.moveIf(CONDITION_Z, 64, chosen, replacement);
		return chosen;
	}

	private static void replaceAccumulator(BlockBuilder block, int bits, int old) {
		int accumulator = block.temporary();
		block.move(64, accumulator, RAX);
		block.move(bits, accumulator, old);
		block.moveIf(CONDITION_NZ, 64, RAX, accumulator);
	}

	/** CMPXCHG8B and CMPXCHG16B: ZF alone. */
	private static void compareAndExchangePair(BlockBuilder block, Instruction i) {
		Operand.Mem mem = (Operand.Mem) i.operand(0);
		int half = i.operandSize() == 64 ? 8 : 4;
		int linear = block.temporary();
		block.linearAddress(linear, block.address(mem, 2 * half, true));
		block.callInline((processor, instruction) -> compareAndExchangePair(processor, half));
	}

	private static void compareAndExchangePair(Processor processor, int half) {
		long[] g = processor.state().general;
		long linear = processor.argument(0);
		if (half == 8 && (linear & 15) != 0) {
			throw processor.fault().generalProtection(0);
		}
		long mask = half == 8 ? -1 : 0xffff_ffffL;
		processor.mmu().prepareWrite(linear, 2 * half);
		long low = processor.mmu().read(linear, half);
		long high = processor.mmu().read(linear + half, half);
		long flags = Flags.get(g) & ~CpuState.ZF;
		if (low == (g[RAX] & mask) && high == (g[RDX] & mask)) {
			processor.mmu().write(linear, half, g[RBX]);
			processor.mmu().write(linear + half, half, g[RCX]);
			flags |= CpuState.ZF;
		} else {
			processor.mmu().write(linear, half, low);
			processor.mmu().write(linear + half, half, high);
			g[RAX] = low;
			g[RDX] = high;
		}
		Flags.set(g, flags);
	}

	private static void moveConditionally(BlockBuilder block, Instruction i) {
		int bits = i.operandSize();
		Operand.Reg to = (Operand.Reg) i.operand(0);
		block.moveIf(i.condition(), bits, BlockBuilder.slot(to.register()), block.read(i.operand(1), bits));
	}

	private static void setConditionally(BlockBuilder block, Instruction i) {
		int value = block.temporary();
		block.setIf(i.condition(), value);
		block.write(i.operand(0), 8, value);
	}

	private static void extendAccumulator(BlockBuilder block, Instruction i) {
		int bits = i.operandSize();
		int extended = block.temporary();
		block.extend(bits / 2, true, extended, RAX);
		block.move(bits, RAX, extended);
	}

	private static void extendIntoDx(BlockBuilder block, Instruction i) {
		int bits = i.operandSize();
		int sign = block.temporary();
		block.extend(bits, true, sign, RAX);
		block.put(MicroOp.SIGN_MASK, sign, 0, sign, 0, 0, 0);
		block.move(bits, RDX, sign);
	}

	private static void translate(BlockBuilder block, Instruction i) {
		Operand.Mem mem = (Operand.Mem) i.operand(0);
		int offset = block.temporary();
		block.extend(8, false, offset, RAX);
		block.truncatedSum(i.addressSize(), offset, RBX, offset);
		block.move(8, RAX, block.load(8, block.address(mem.segment().number(), offset, 1, false)));
	}
}
