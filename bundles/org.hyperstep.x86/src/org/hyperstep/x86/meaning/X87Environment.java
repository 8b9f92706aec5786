/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.execution.Meaning;
import org.hyperstep.x86.execution.Routine;
import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.state.ExtendedState;
import org.hyperstep.x86.system.Feature;

/**
 * FNSTENV, FLDENV, FNSAVE and FRSTOR (Intel SDM, "Saving the x87 FPU's State with FSTENV/FNSTENV and FSAVE/FNSAVE").
 * The selectors of the pointers are zeros on processors that deprecate them.
 */
final class X87Environment {
	private static final int REGISTERS = 80, MASKS = 0x3f;

	private X87Environment() {
	}

	static void define(Meanings table) {
		table.define(Mnemonic.FNSTENV, meaning(0, true, false, X87Environment::storeEnvironment));
		table.define(Mnemonic.FLDENV, meaning(0, false, true, X87Environment::loadEnvironment));
		table.define(Mnemonic.FNSAVE, meaning(REGISTERS, true, false, X87Environment::save));
		table.define(Mnemonic.FRSTOR, meaning(REGISTERS, false, true, X87Environment::restore));
	}

	private static Meaning meaning(int registers, boolean write, boolean waits, Routine routine) {
		return (block, i) -> {
			if (X87Control.available(block)) {
				int linear = block.temporary();
				block.linearAddress(linear,
						block.address((Operand.Mem) i.operand(0), environment(i) + registers, write));
				block.callInline((p, instruction) -> {
					if (waits) {
						X87Control.raisePending(p);
					}
					routine.run(p, instruction);
				});
			}
		};
	}

	private static int environment(Instruction i) {
		return i.operandSize() == 16 ? 14 : 28;
	}

	private static boolean isLinear(Processor p) {
		return !p.state().protectedMode() || p.state().virtual8086();
	}

	private static void storeEnvironment(Processor p, Instruction i) {
		p.mmu().prepareWrite(p.argument(0), environment(i));
		writeEnvironment(p, i);
		ExtendedState state = p.state().extended;
		state.controlWord |= MASKS;
		X87Control.summarize(state);
	}

	private static void writeEnvironment(Processor p, Instruction i) {
		ExtendedState state = p.state().extended;
		long at = p.argument(0);
		Mmu mmu = p.mmu();
		boolean linear = isLinear(p);
		long ip = state.instructionPointer;
		long dp = state.dataPointer;
		if (i.operandSize() == 16) {
			mmu.write16(at, state.controlWord);
			mmu.write16(at + 2, state.statusWord);
			mmu.write16(at + 4, tagWord(p));
			mmu.write16(at + 6, ip);
			mmu.write16(at + 8, linear ? ip >>> 4 & 0xf000 | state.opcode : state.instructionSelector);
			mmu.write16(at + 10, dp);
			mmu.write16(at + 12, linear ? dp >>> 4 & 0xf000 : state.dataSelector);
			return;
		}
		long ones = 0xffff_0000L;
		mmu.write32(at, ones | state.controlWord);
		mmu.write32(at + 4, ones | state.statusWord);
		mmu.write32(at + 8, ones | tagWord(p));
		mmu.write32(at + 12, linear ? ones | ip & 0xffff : ip);
		mmu.write32(at + 16, linear ? ip >>> 4 & 0xfff_f000 | state.opcode
				: (long) state.opcode << 16 | state.instructionSelector);
		mmu.write32(at + 20, linear ? ones | dp & 0xffff : dp);
		mmu.write32(at + 24, linear ? dp >>> 4 & 0xfff_f000 : ones | state.dataSelector);
	}

	private static int tagWord(Processor p) {
		int word = 0;
		for (int n = 0; n < 8; n++) {
			word |= p.x87().tag(n) << 2 * n;
		}
		return word;
	}

	private static void loadEnvironment(Processor p, Instruction i) {
		long at = p.argument(0);
		// The last byte first: whatever of the two pages is missing faults before anything changes.
		p.mmu().read8(at + environment(i) - 1);
		int step = i.operandSize() / 8;
		long control = p.mmu().read16(at);
		long status = p.mmu().read16(at + step);
		int tags = (int) p.mmu().read16(at + 2L * step);
		ExtendedState state = p.state().extended;
		readPointers(p, i, state);
		state.controlWord = (int) control & 0x1f7f | 0x40;
		state.statusWord = (int) status;
		state.validRegisters = 0;
		for (int n = 0; n < 8; n++) {
			state.validRegisters |= (tags >> 2 * n & 3) == 3 ? 0 : 1 << n;
		}
		X87Control.summarize(state);
	}

	private static void readPointers(Processor p, Instruction i, ExtendedState state) {
		long at = p.argument(0);
		Mmu mmu = p.mmu();
		boolean linear = isLinear(p);
		if (i.operandSize() == 16) {
			long ip = mmu.read16(at + 6);
			long second = mmu.read16(at + 8);
			long dp = mmu.read16(at + 10);
			state.instructionPointer = linear ? ip | (second & 0xf000) << 4 : ip;
			state.dataPointer = linear ? dp | (mmu.read16(at + 12) & 0xf000) << 4 : dp;
			state.opcode = linear ? (int) second & 0x7ff : 0;
			loadSelectors(p, linear, second, mmu.read16(at + 12));
			return;
		}
		long ip = mmu.read32(at + 12);
		long second = mmu.read32(at + 16);
		long dp = mmu.read32(at + 20);
		state.instructionPointer = linear ? ip & 0xffff | (second & 0xfff_f000) << 4 : ip;
		state.dataPointer = linear ? dp & 0xffff | (mmu.read32(at + 24) & 0xfff_f000) << 4 : dp;
		state.opcode = (int) (linear ? second : second >>> 16) & 0x7ff;
		loadSelectors(p, linear, second, mmu.read32(at + 24));
	}

	private static void loadSelectors(Processor p, boolean linear, long code, long data) {
		boolean kept = !linear && !p.model().has(Feature.FCS_FDS_DEPRECATED);
		p.state().extended.instructionSelector = kept ? (int) code & 0xffff : 0;
		p.state().extended.dataSelector = kept ? (int) data & 0xffff : 0;
	}

	private static void save(Processor p, Instruction i) {
		ExtendedState state = p.state().extended;
		int size = environment(i);
		p.mmu().prepareWrite(p.argument(0), size + REGISTERS);
		writeEnvironment(p, i);
		for (int k = 0; k < 8; k++) {
			int n = state.physical(k);
			long at = p.argument(0) + size + 10L * k;
			p.mmu().write64(at, state.significand[n]);
			p.mmu().write16(at + 8, state.signAndExponent[n]);
		}
		state.initializeX87();
	}

	private static void restore(Processor p, Instruction i) {
		ExtendedState state = p.state().extended;
		int size = environment(i);
		p.mmu().read8(p.argument(0) + size + REGISTERS - 1);
		loadEnvironment(p, i);
		for (int k = 0; k < 8; k++) {
			int n = state.physical(k);
			long at = p.argument(0) + size + 10L * k;
			state.significand[n] = p.mmu().read64(at);
			state.signAndExponent[n] = (int) p.mmu().read16(at + 8);
		}
	}
}
