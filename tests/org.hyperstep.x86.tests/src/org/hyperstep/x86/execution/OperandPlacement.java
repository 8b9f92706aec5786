/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.hyperstep.x86.execution.HostProcessor.INSTRUCTION;
import static org.hyperstep.x86.state.CpuState.RBP;
import static org.hyperstep.x86.state.CpuState.RBX;
import static org.hyperstep.x86.state.CpuState.RCX;
import static org.hyperstep.x86.state.CpuState.RDI;
import static org.hyperstep.x86.state.CpuState.RSI;
import static org.hyperstep.x86.state.CpuState.RSP;

import java.util.SplittableRandom;

import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Decoder;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.decode.RandomEncoding.Encoded;
import org.hyperstep.x86.decode.Register;

/** Sets registers so that memory operands lie in the window that is compared, or at times where nothing is mapped. */
final class OperandPlacement {
	private static final int MARGIN = 160;

	private final SplittableRandom random;
	private long target;

	OperandPlacement(SplittableRandom random) {
		this.random = random;
	}

	/** Linear address of the explicit memory operand that was placed last, 0 if there was none. */
	long target() {
		return target;
	}

	/** Far enough from the window's ends for what any instruction reaches from it. */
	long pointer() {
		return HostProcessor.WINDOW + MARGIN + random.nextInt(192);
	}

	/** The same branch with a displacement of which the target is neither far away nor in itself. */
	Encoded withNearTarget(Encoded encoded) {
		Instruction i = encoded.instruction();
		if (!(i.operands().size() > 0 && i.operand(i.operands().size() - 1) instanceof Operand.Rel rel)) {
			return encoded;
		}
		int displacement = random.nextBoolean() ? random.nextInt(16, 128) : random.nextInt(-128, -32);
		byte[] bytes = encoded.bytes();
		for (int k = 0; k < rel.size() / 8; k++) {
			bytes[bytes.length - rel.size() / 8 + k] = (byte) (displacement >> 8 * k);
		}
		return new Encoded(Decoder.decode(i.codeSize(), bytes, 0, bytes.length), bytes);
	}

	boolean isString(Instruction i) {
		return switch (i.mnemonic()) {
			case MOVS, CMPS, STOS, LODS, SCAS, INS, OUTS -> true;
			default -> false;
		};
	}

	/** False where the operands cannot be placed. */
	boolean place(Instruction i, long[] registers) {
		target = 0;
		if (isString(i)) {
			registers[RSI] = pointer();
			registers[RDI] = pointer();
			// What a permission check finds where there is nothing to transfer is not said.
			boolean port = i.mnemonic() == Mnemonic.INS || i.mnemonic() == Mnemonic.OUTS;
			registers[RCX] = random.nextInt(port ? 1 : 0, 9);
			return i.addressSize() != 16;
		}
		switch (i.mnemonic()) {
			case MASKMOVDQU, MASKMOVQ, VMASKMOVDQU -> {
				registers[RDI] = pointer();
				// A segment that cannot be written to faults once MMX state was entered, or before.
				return i.addressSize() != 16 && !i.prefixes().contains((byte) 0x2e);
			}
			case XLAT -> {
				registers[RBX] = HostProcessor.WINDOW + 16;
				return i.addressSize() != 16;
			}
			case LEAVE -> registers[RBP] = pointer();
			// The frames that it copies do not overlap those that it makes.
			case ENTER -> registers[RBP] = pointer() + 0x1000;
			case JMP, CALL -> {
				if (i.operand(0) instanceof Operand.Reg reg) {
					registers[reg.register().number()] = INSTRUCTION + 64L + random.nextInt(128);
					return reg.register().number() != RSP;
				}
			}
			default -> {
				// explicit operands alone
			}
		}
		for (Operand operand : i.operands()) {
			if (operand instanceof Operand.Mem mem && !place(i, mem, registers)) {
				return false;
			}
		}
		return true;
	}

	private boolean place(Instruction i, Operand.Mem mem, long[] registers) {
		Register base = mem.base();
		Register index = mem.index();
		if (mem.size() == 0) {
			return true;
		}
		if (mem.addressSize() == 16) {
			return false;
		}
		if (base == null) {
			target = mem.displacement() & 0xffff_ffffL;
			return index == null && target >= HostProcessor.WINDOW && target < HostProcessor.WINDOW + 256
					&& !isBitString(i);
		}
		if (base == Register.RIP || base == Register.EIP || stackAndOther(i, base)
				|| index != null && (index.number() == base.number() || index.number() == RSP)) {
			return false;
		}
		if (index != null) {
			registers[index.number()] = random.nextInt(-0x1000, 0x1000);
		}
		if (isBitString(i)) {
			Register bit = ((Operand.Reg) i.operand(1)).register();
			if (bit.number() == base.number() || index != null && bit.number() == index.number()) {
				return false;
			}
			long offset = random.nextInt(-512, 512);
			registers[bit.number()] = i.codeSize() == CodeSize.CODE64 ? offset : offset & 0xffff_ffffL;
		}
		target = chosen(mayFault(i) ? mem.size() : 0);
		long rest = index == null ? 0 : registers[index.number()] * mem.scale();
		registers[base.number()] = target - mem.displacement() - rest;
		if (mem.addressSize() == 32) {
			registers[base.number()] &= 0xffff_ffffL;
			if (index != null) {
				registers[index.number()] &= 0xffff_ffffL;
			}
		}
		return true;
	}

	/** @param size bytes of the operand, 0 for one that shall be where memory is */
	private long chosen(int size) {
		if (size > 0 && random.nextInt(64) == 0) {
			// Across the end of what is mapped.
			return HostProcessor.ARENA + HostProcessor.ARENA_SIZE - random.nextInt(0, size + 1);
		}
		long at = pointer();
		return size >= 16 && random.nextInt(8) != 0 ? at & -size : at;
	}

	/** Not where a target is loaded, nor where the order of checks or the size of the access is the vendor's. */
	private static boolean mayFault(Instruction i) {
		return switch (i.mnemonic()) {
			case LTR, LLDT, LMSW -> false;
			// AMD's processors read 32 bits under prefix 66 too.
			case MOVSXD -> i.operandSize() != 16;
			default -> !HostRows.isBranch(i.mnemonic());
		};
	}

	/** The stack pointer must stay one. */
	private static boolean stackAndOther(Instruction i, Register base) {
		return base.number() == RSP && switch (i.mnemonic()) {
			case PUSH, POP, CALL, JMP -> true;
			default -> false;
		};
	}

	private static boolean isBitString(Instruction i) {
		return switch (i.mnemonic()) {
			case BT, BTS, BTR, BTC -> i.operand(1) instanceof Operand.Reg;
			default -> false;
		};
	}
}
